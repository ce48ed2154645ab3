// Pages as thumbnails, rows as a table, one page with its words and pairs. Texts only ever become text nodes.

import { drawOnePage } from "./one_page.js";
import { drawCheck } from "./check.js";
import { matchTheme, styles } from "./parts.js";
import { drawRecords } from "./records.js";
import { drawSamples } from "./samples.js";
import { element } from "./words.js";

const STATUSES = [
  ["approved", "✓", "approved"],
  ["rejected", "✕", "rejected"],
  ["pending", "•", "to decide"],
  ["set_aside", "–", "set aside"],
];
const DRAWN = {
  cards: drawCards,
  check: (root, data) => (root.leave = drawCheck(root, data)),
  page: (root, data) => (root.leave = drawOnePage(root, data)),
  records: drawRecords,
  samples: drawSamples,
  table: drawTable,
};
const roots = new WeakMap();

export async function draw({ parentElement, data, setTriggerValue }) {
  const root = roots.get(parentElement) ?? (await newRoot(parentElement, data.assets));
  root.choose = (id, event = "open") => setTriggerValue("picked", { event, id, at: Date.now() });
  root.answer = (answers) => setTriggerValue("picked", { event: "check", id: "", answers, at: Date.now() });
  const drawn = JSON.stringify(data);
  if (root.drawn !== drawn) {
    root.drawn = drawn;
    root.leave?.();
    root.leave = null;
    DRAWN[data.kind](root, data);
  }
  matchTheme(root);
  return () => root.isConnected || root.leave?.();
}

async function newRoot(parent, assets) {
  const root = element("section", "mq browser");
  roots.set(parent, root);
  const base = new URL(assets, document.baseURI).href;
  await styles(parent, [`${base}base.css`, `${base}crop.css`, `${base}browser.css`]);
  parent.append(root);
  return root;
}

function drawCards(root, { pages }) {
  const cards = pages.map((page) => {
    const card = element("button", "page-card");
    card.dataset.page = page.id;
    const kind = element("span", "where", page.kind);
    card.append(thumbnail(page), element("b", "", page.title), element("span", "where", page.where), kind, counts(page));
    card.onclick = () => root.choose(page.id);
    return card;
  });
  const grid = element("div", "cards");
  grid.append(...cards);
  root.replaceChildren(grid);
}

function thumbnail(page) {
  const frame = element("span", "thumbnail");
  if (!page.thumbnail) {
    frame.append(element("span", "text-page", page.note || "Text page"));
    return frame;
  }
  const image = new Image();
  image.loading = "lazy";
  image.alt = "";
  image.src = page.thumbnail;
  if (page.rotation) image.style.rotate = `${page.rotation * 90}deg`;
  frame.append(image);
  if (page.note) frame.append(element("i", "", page.note));
  return frame;
}

function counts(page) {
  const row = element("span", "counts");
  for (const [status, sign, name] of STATUSES) {
    const count = page.counts[status];
    if (!count) continue;
    const chip = element("span", status, `${sign} ${count}`);
    chip.title = `${count} ${name}`;
    row.append(chip);
  }
  if (!row.childElementCount) row.append(element("span", "set_aside", "no pairs"));
  return row;
}

// columns: [[name, "text" | "number" | "progress" | "status"]]; an empty row list shows the note.
function drawTable(root, { columns, rows, note }) {
  if (!rows.length) {
    root.replaceChildren(element("p", "note", note));
    return;
  }
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const [name, kind] of columns) {
    const cell = element("th", kind, name);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((value, index) => line.append(cell(value, columns[index][1])));
  }
  const scroller = element("div", "scroller");
  scroller.append(table);
  // A table that is wider than the window is moved with the arrow keys, for which it needs the focus.
  Object.assign(scroller, { tabIndex: 0, role: "region", ariaLabel: `Table: ${columns[0][0]}` });
  root.replaceChildren(scroller);
}

function cell(value, kind) {
  if (kind === "progress" && Array.isArray(value)) return progress(...value);
  const shown = typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
  return element("td", kind === "status" ? `status ${value}` : kind, shown);
}

function progress(done, total) {
  const made = element("td", "progress");
  const bar = element("progress");
  bar.setAttribute("aria-label", "Progress");
  if (total) Object.assign(bar, { max: total, value: done });
  made.append(bar, element("span", "", total ? `${done.toLocaleString("en")} of ${total.toLocaleString("en")}` : ""));
  return made;
}
