// What every screen of ours needs at its start: its styles, and whether the page is light or dark.

// Load style sheets into the shadow root of `parent`; resolves when they are in force.
export function styles(parent, addresses) {
  const loaded = addresses.map(
    (address) =>
      new Promise((resolve) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = address;
        link.onload = link.onerror = resolve;
        parent.append(link);
      }),
  );
  return Promise.all(loaded);
}

// Put "light" or "dark" on the root element, as the page's background is.
export function matchTheme(root) {
  const paper = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  root.dataset.theme = luminance(paper) < 0.5 ? "dark" : "light";
}

function luminance(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour || "#fff";
  const [r, g, b] = canvas.fillStyle.match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16) / 255);
  return 0.3 * r + 0.6 * g + 0.1 * b;
}
