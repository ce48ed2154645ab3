// One page: its scan with all words that were read, and its pairs beside it.

import { drawSheet } from "./sheet.js";
import { Viewer } from "./viewer.js";
import { element } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { approved: "✓", rejected: "✕", set_aside: "–", pending: "•" };
const NAMES = { approved: "approved", rejected: "rejected", set_aside: "set aside", pending: "to decide" };

// Draw the page; gives the way to take it down.
export function drawOnePage(root, { page, pairs, words, showWords, unsure }) {
  const columns = element("div", "one-page");
  const frame = scanFrame();
  const list = element("div", "pair-list");
  columns.append(frame, list);
  root.replaceChildren(columns);
  let viewer = null;
  if (page.scan) {
    viewer = new Viewer(frame, { onPick: () => {} });
    viewer.show(page);
    viewer.mark([], []);
    if (showWords) overlayWords(frame.querySelector("[data-words]"), page, words, unsure);
  } else {
    frame.classList.add("is-text");
    frame.replaceChildren(element("div", "sheet"));
    drawSheet(frame.firstChild, page, null);
  }
  for (const pair of pairs) list.append(pairRow(pair, page, viewer, frame, root));
  if (!pairs.length) list.append(element("p", "note", "No pairs were made from this page."));
  return () => viewer?.stop();
}

function scanFrame() {
  const frame = element("div", "scan");
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "Scan of the page. The wheel zooms, dragging moves.");
  const stage = element("div", "stage");
  stage.dataset.stage = "";
  const [words, marks] = ["words", "marks"].map((name) => {
    const layer = document.createElementNS(SVG, "svg");
    layer.dataset[name] = "";
    layer.setAttribute("aria-hidden", "true");
    return layer;
  });
  stage.append(marks);
  marks.after(words);
  const tip = element("div", "tip");
  tip.dataset.tip = "";
  tip.hidden = true;
  const problem = element("p", "problem", "The image of this page cannot be shown.");
  problem.dataset.imageProblem = "";
  problem.hidden = true;
  frame.append(stage, tip, problem);
  return frame;
}

// Every word that was read, outlined; its text stands in the tooltip.
function overlayWords(layer, page, words, unsure) {
  layer.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  layer.style.width = `${page.width}px`;
  layer.style.height = `${page.height}px`;
  for (const [text, x0, y0, x1, y1, confidence] of words) {
    const rectangle = document.createElementNS(SVG, "rect");
    rectangle.setAttribute("class", confidence < unsure ? "read unsure" : "read");
    rectangle.setAttribute("x", x0 * page.width);
    rectangle.setAttribute("y", y0 * page.height);
    rectangle.setAttribute("width", (x1 - x0) * page.width);
    rectangle.setAttribute("height", (y1 - y0) * page.height);
    const title = document.createElementNS(SVG, "title");
    title.textContent = `${text} (${Math.round(confidence * 100)} %)`;
    rectangle.append(title);
    layer.append(rectangle);
  }
}

function pairRow(pair, page, viewer, frame, root) {
  const row = element("button", `pair ${pair.status}`);
  const state = `${SIGNS[pair.status]} ${NAMES[pair.status]}${pair.reason ? `: ${pair.reason.replaceAll("_", " ")}` : ""}`;
  row.append(element("span", "state", state), element("b", "", pair.question), element("span", "", pair.answer));
  const show = () => {
    if (!viewer) drawSheet(frame.firstChild, page, pair.evidence.quote);
    else viewer.mark(pair.evidence.boxes, []);
  };
  row.onpointerenter = show;
  row.onfocus = show;
  row.onclick = () => root.choose(pair.id, "review");
  return row;
}
