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
