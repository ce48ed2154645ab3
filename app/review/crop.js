// A piece of a scan with the evidence on it, as one small picture; a text page gives its quote instead.

import { turnedBox, union } from "./geometry.js";
import { element } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const [LEAST_WIDTH, LEAST_HEIGHT] = [0.7, 0.1];
const [MORE_WIDTH, MORE_HEIGHT] = [0.08, 0.06];

function made(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// What of the page is shown: the evidence with its surroundings, all of it where there is none.
function surroundings(boxes) {
  if (!boxes.length) return [0, 0, 1, 1];
  const [x0, y0, x1, y1] = union(boxes);
  const [left, right] = grown(x0, x1, Math.max(x1 - x0 + MORE_WIDTH, LEAST_WIDTH));
  const [top, bottom] = grown(y0, y1, Math.max(y1 - y0 + MORE_HEIGHT, LEAST_HEIGHT));
  return [left, top, right, bottom];
}

function grown(from, to, length) {
  const start = Math.min(Math.max((from + to - length) / 2, 0), Math.max(1 - length, 0));
  return [start, Math.min(start + length, 1)];
}

// page: {scan, width, height, rotation}; boxes are fractions of the upright page.
export function cropOf(page, boxes, quote) {
  if (!page.scan) return element("blockquote", "crop text", quote || "No scan: a page of text.");
  const { width, height, rotation: turns } = page;
  const across = turns % 2 ? height : width;
  const down = turns % 2 ? width : height;
  const shown = turnedBox(surroundings(boxes), turns);
  const [x, y] = [shown.x0 * across, shown.y0 * down];
  const [w, h] = [(shown.x1 - shown.x0) * across, (shown.y1 - shown.y0) * down];
  const picture = made("svg", { class: "crop", viewBox: `${x} ${y} ${w} ${h}`, role: "img" });
  picture.setAttribute("aria-label", boxes.length ? "The evidence on the scan" : "The scan; no evidence is marked");
  picture.style.aspectRatio = `${w} / ${h}`;
  const shift = ["", `translate(${height} 0)`, `translate(${width} ${height})`, `translate(0 ${width})`][turns];
  const whole = made("g", { transform: `${shift} rotate(${turns * 90})` });
  const image = made("image", { width, height });
  image.setAttribute("href", page.scan);
  whole.append(image);
  const line = Math.max(w, h) / 220;
  for (const [x0, y0, x1, y1] of boxes) {
    const place = { x: x0 * width - line, y: y0 * height - line };
    const size = { width: (x1 - x0) * width + 2 * line, height: (y1 - y0) * height + 2 * line };
    whole.append(made("rect", { class: "place", ...place, ...size, "stroke-width": line, rx: line }));
  }
  picture.append(whole);
  return picture;
}
