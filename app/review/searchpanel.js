// Search over questions and answers: results as one types, one to open, or all of them as the queue.

import { STATUS } from "./card.js";
import { element } from "./words.js";

const PAUSE_MS = 120;

export class SearchPanel {
  // `ask({k, text})` sends the search, `open(pairId)` shows a pair, `queue(text)` makes the matches the queue.
  constructor(at, { ask, open, queue }) {
    Object.assign(this, { at, ask, open, queue, k: 0, drawn: null, active: 0 });
    at("search").addEventListener("input", () => this.#typed());
    at("search").addEventListener("keydown", (event) => this.#key(event));
    at("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take(this.active);
    });
    at("search-results").addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#take([...this.#rows].indexOf(row));
    });
  }

  begin(text = "") {
    this.at("search").value = text;
    this.at("search-results").replaceChildren();
    this.at("search-says").textContent = "Words of question or answer, or the number of a pair.";
    if (text) this.#typed();
  }

  get #text() {
    return this.at("search").value;
  }

  get #rows() {
    return this.at("search-results").children;
  }

  #typed() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      this.k += 1;
      if (this.#text.trim()) this.ask({ k: this.k, text: this.#text });
      else this.begin();
    }, PAUSE_MS);
  }

  // Draw what was found, if it is the answer to the newest question.
  draw(found) {
    if (!found || found.k !== this.k || found === this.drawn || !this.#text.trim()) return;
    this.drawn = found;
    const count = `${found.atLeast ? "more than " : ""}${found.total.toLocaleString("en")}`;
    const typed = this.#text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const rows = found.pairs.map((pair, index) => resultRow(pair, index, typed));
    if (found.total) rows.push(queueRow(count, rows.length));
    this.at("search-results").replaceChildren(...rows);
    const shown = found.total > found.pairs.length ? `, the best ${found.pairs.length} shown` : "";
    this.at("search-says").textContent = found.total ? `${count} found${shown}` : "Nothing found.";
    this.#activate(0);
  }

  #activate(index) {
    const rows = [...this.#rows];
    this.active = rows.length ? (index + rows.length) % rows.length : 0;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === this.active)));
    const row = rows[this.active];
    this.at("search").setAttribute("aria-activedescendant", row?.id ?? "");
    row?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#activate(this.active + step);
  }

  #take(index) {
    const row = this.#rows[index];
    if (!row) return;
    if (row.dataset.pair) this.open(row.dataset.pair);
    else this.queue(this.#text.trim());
  }
}

function option(className, index) {
  const row = element("li", className);
  row.setAttribute("role", "option");
  row.id = `found-${index}`;
  return row;
}

function resultRow(pair, index, typed) {
  const row = option(`found ${pair.status}`, index);
  row.dataset.pair = pair.id;
  const by = pair.by && pair.status !== "pending" ? ` by ${pair.by}` : "";
  row.append(element("span", "status", `${STATUS[pair.status]}${by}`), element("span", "id", pair.id));
  row.append(marked("asked", pair.question, typed), marked("said", pair.answer, typed));
  return row;
}

// A text with the words marked that begin like a typed one.
function marked(className, text, typed) {
  const line = element("p", className);
  for (const [part] of text.matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu)) {
    const isFound = typed.some((word) => part.toLowerCase().startsWith(word));
    line.append(isFound ? element("mark", "", part) : part);
  }
  return line;
}

function queueRow(count, index) {
  const row = option("found all", index);
  row.append(element("b", "", "Review these"), ` make the ${count} the queue, as far as they wait`);
  return row;
}
