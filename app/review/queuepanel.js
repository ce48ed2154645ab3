// What to review next: orders and filters with their counts, and how the work is shared out.

import { words } from "./card.js";
import { FILTERS, ORDERS, filterWords, orderName } from "./choices.js";
import { element } from "./words.js";

const PAUSE_MS = 150;

export class QueuePanel {
  // `choose(choice)` puts a choice in force, `measure({k, choice})` asks how many pairs it has, `assign(name, filters)`
  // and `unassign(id)` share out work.
  constructor(at, { choose, measure, assign, unassign }) {
    Object.assign(this, { at, choose, measure, assign, unassign, k: 0, offers: null });
    at("choices-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose(this.#asked);
    });
    at("choices-form").addEventListener("change", () => this.#changed());
    at("choices").addEventListener("keydown", (event) => this.#key(event));
    at("share-form").addEventListener("submit", (event) => this.#share(event));
  }

  begin(choice, offers) {
    this.offers = null;
    this.#orders(choice.order);
    this.#filters(choice, offers?.filters ?? {});
    this.#shares(offers?.assignments ?? []);
    this.#said(null);
    this.#ask();
  }

  focus() {
    this.at("orders").querySelector("input:checked").focus();
  }

  // The server's counts, and how many pairs the choice being made has.
  draw(offers, measured) {
    if (offers && offers !== this.offers) {
      this.offers = offers;
      const held = this.at("choices").getRootNode().activeElement?.name;
      this.#filters(this.#asked, offers.filters);
      this.#shares(offers.assignments);
      if (held) this.at("filters").querySelector(`[name="${held}"]`)?.focus();
    }
    if (measured && measured.k === this.k) this.#measured(measured);
  }

  get #asked() {
    const given = [...new FormData(this.at("choices-form"))].map(([name, value]) => [name, String(value).trim()]);
    return { order: "risk", ...Object.fromEntries(given.filter(([, value]) => value)) };
  }

  #changed() {
    this.#said(null);
    this.#sharing();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #ask() {
    this.k += 1;
    this.measure({ k: this.k, choice: this.#asked });
  }

  #measured({ left, orders }) {
    this.#said(left);
    for (const count of this.at("orders").querySelectorAll("[data-count]")) {
      count.textContent = number(orders[count.dataset.count]);
    }
  }

  #said(left) {
    this.at("choices-go").textContent = left === null ? "Review these" : `Review these (${left.toLocaleString("en")})`;
  }

  // A number takes an order at once.
  #key(event) {
    const order = ORDERS[Number(event.key) - 1];
    const isText = event.target.matches("input[type=search], input[type=text]");
    if (!order || isText || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose({ ...this.#asked, order: order[0] });
  }

  #orders(chosen) {
    const rows = ORDERS.map(([order, name, meaning], index) => {
      const row = element("label", "order");
      const radio = element("input");
      Object.assign(radio, { type: "radio", name: "order", value: order, checked: order === chosen });
      const text = element("span", "");
      text.append(element("b", "", name), element("small", "", meaning));
      const count = element("em");
      count.dataset.count = order;
      row.append(radio, element("kbd", "", String(index + 1)), text, count);
      return row;
    });
    this.at("orders").replaceChildren(...rows);
  }

  #filters(choice, offers) {
    const fields = FILTERS.map(([name, label, all]) => {
      const select = element("select");
      select.name = name;
      const values = (offers[name] ?? []).filter(([value]) => value);
      if (choice[name] && !values.some(([value]) => value === choice[name])) values.unshift([choice[name], "", 0]);
      const options = values.map(([value, title, count]) => {
        const text = ["section", "by", "manual", "engine"].includes(name) ? value : words(value);
        return new Option(`${text} ${title}`.trim() + ` (${number(count)})`, value);
      });
      select.append(new Option(all, ""), ...options);
      select.value = choice[name] ?? "";
      return field(label, select);
    });
    const text = element("input");
    Object.assign(text, { type: "search", name: "q", value: choice.q ?? "", maxLength: 200, autocomplete: "off" });
    this.at("filters").replaceChildren(...fields, field("With the words", text));
    this.#sharing();
  }

  // ---------------------------------------------------------------- sharing out

  get #shared() {
    const { order, by, ...filters } = this.#asked;
    return filters;
  }

  #sharing() {
    const said = filterWords(this.#shared, (id) => this.#sectionName(id));
    this.at("share-what").textContent = said.length ? said.join(" · ") : "nothing yet: choose a filter above";
    this.at("share-go").disabled = !said.length;
  }

  #sectionName(id) {
    return this.offers?.filters.section.find(([value]) => value === id)?.[1] ?? "";
  }

  #share(event) {
    event.preventDefault();
    const name = this.at("share-name").value.trim();
    if (!name || !Object.keys(this.#shared).length) return;
    this.assign(name, this.#shared);
    this.at("share-name").value = "";
  }

  #shares(assignments) {
    const byReviewer = Map.groupBy ? Map.groupBy(assignments, (each) => each.reviewer) : grouped(assignments);
    const rows = [...byReviewer].map(([reviewer, some]) => {
      const row = element("li");
      const all = some.reduce((sum, each) => sum + each.left, 0);
      row.append(element("b", "", reviewer), element("em", "", `${number(all)} wait`));
      for (const each of some) row.append(this.#part(each));
      return row;
    });
    const none = element("li", "note", "Nothing is shared out: all work is common.");
    this.at("shares").replaceChildren(...(rows.length ? rows : [none]));
    const known = new Set([...byReviewer.keys(), ...(this.offers?.filters.by ?? []).map(([name]) => name)]);
    this.at("share-names").replaceChildren(...[...known].map((name) => new Option("", name)));
  }

  #part({ id, reviewer, filters, left }) {
    const said = filterWords(filters, (section) => this.#sectionName(section)).join(" · ");
    const part = element("button", "part", `${said} (${number(left)}) ✕`);
    part.type = "button";
    part.title = "Make this work common again";
    part.setAttribute("aria-label", `Take ${said} from ${reviewer}`);
    part.onclick = () => this.unassign(id);
    return part;
  }
}

function grouped(assignments) {
  const found = new Map();
  for (const each of assignments) found.set(each.reviewer, [...(found.get(each.reviewer) ?? []), each]);
  return found;
}

const number = (count) => (count === undefined ? "" : count.toLocaleString("en"));

function field(label, control) {
  const made = element("label", "field");
  made.append(element("span", "", label), control);
  return made;
}

// The queue in a few words: its order, its filters, how many pairs wait.
export function drawChip(place, { choice, left }, pages) {
  const named = (id) => [...pages.values()].find((page) => page.sectionId === id)?.sectionName ?? "";
  const parts = [orderName(choice.order), ...filterWords(choice, named)];
  const count = left === null ? "" : ` · ${left.toLocaleString("en")} left`;
  const says = place.querySelector("[data-queue-says]");
  const text = parts.join(" · ") + count;
  if (says.textContent !== text) says.textContent = text;
}

// Someone else changed the pair on the screen: say so before a key is pressed.
export function drawChanged(place, changed, pair, reviewer) {
  const isShown = changed && pair?.id === changed.pair && (pair.rev !== changed.rev || pair.status !== changed.status);
  place.hidden = !isShown;
  if (!isShown) return;
  const by = changed.by === reviewer ? "you, in another tab" : changed.by || "the pipeline";
  const what = changed.status === pair.status ? "The text was changed" : `The pair is now ${words(changed.status)}, changed`;
  const look = element("button", "", "Show it as it is now");
  look.dataset.do = "showChanged";
  place.replaceChildren(element("span", "", `${what} by ${by}.`), look);
}
