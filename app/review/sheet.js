// A page without a scan (an HTML sheet): its rows as text, with the row that supports the answer marked.

import { element } from "./words.js";

const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

// Draw the rows ([[cell, ...], ...]) and mark those that the quote comes from.
export function drawSheet(place, page, quote) {
  if (place.dataset.page !== page.id) {
    place.dataset.page = page.id;
    place.replaceChildren(element("h3", "", page.title || page.source), rowsOf(page.sheet ?? []));
    place.scrollTop = 0;
  }
  const wanted = plain(quote ?? "");
  let first = null;
  for (const row of place.querySelectorAll("[role=row]")) {
    const isSource = wanted.length > 2 && isFrom(plain([...row.children].map((c) => c.textContent).join(" ")), wanted);
    row.classList.toggle("source", isSource);
    if (isSource) first ??= row;
  }
  if (first) place.scrollTop = first.offsetTop - place.clientHeight / 2;
}

function isFrom(row, quote) {
  return row.includes(quote) || (row.length > 5 && quote.includes(row));
}

function rowsOf(sheet) {
  const table = element("div", "rows");
  table.setAttribute("role", "table");
  const hasColumns = sheet.some((cells) => cells.length > 1);
  for (const cells of sheet) {
    const row = element("div", hasColumns && cells.length === 1 ? "heading" : "");
    row.setAttribute("role", "row");
    for (const cell of cells) {
      const made = element("span", "", cell);
      made.setAttribute("role", "cell");
      row.append(made);
    }
    table.append(row);
  }
  if (!sheet.length) table.append(element("p", "", "The words of this page have not been read yet."));
  return table;
}
