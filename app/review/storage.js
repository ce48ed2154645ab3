// The browser's storage, where it is allowed and not full; everything kept there is a copy.

export function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // a full or forbidden storage costs the copy, not the decision: it is still sent
  }
}

// Every value whose key begins with the prefix.
export function storedBelow(prefix) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.map((key) => read(key, null)).filter(Boolean);
  } catch {
    return [];
  }
}

// A reload keeps its tab's name (and so its leases); a copied tab must not, so the name is only stored on leaving.
export function tabId() {
  const key = "manualqa:tab";
  const id = sessionStorage.getItem(key) ?? crypto.getRandomValues(new Uint32Array(2)).join("-");
  sessionStorage.removeItem(key);
  window.addEventListener("pagehide", () => sessionStorage.setItem(key, id));
  window.addEventListener("pageshow", () => sessionStorage.removeItem(key));
  return id;
}

// The reviewer's name: of this tab, else the last one given in this browser.
export function keptName() {
  return sessionStorage.getItem("manualqa:reviewer") ?? read("manualqa:reviewer", "");
}

// Keep the name for this tab and the browser; the cookie tells the other views who asks for a job.
export function keepName(name) {
  sessionStorage.setItem("manualqa:reviewer", name);
  write("manualqa:reviewer", name);
  document.cookie = `manualqa_reviewer=${encodeURIComponent(name)}; path=/; max-age=31536000; samesite=strict`;
}
