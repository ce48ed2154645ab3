// What stands round the pair: pairs alike with both pieces of scan, the pages beside it, its index rows, all pairs of
// the page. A look only: nothing here changes the pair on the screen until another one is opened.

import { STATUS, asideReason, words } from "./card.js";
import { cropOf } from "./crop.js";
import { drawSheet } from "./sheet.js";
import { element, markedAnswer, twoSides } from "./words.js";

const MARKS = { approved: "✓", rejected: "✕", set_aside: "–", pending: "•" };
const RELATION = {
  conflict: "Conflict: the same question with another answer",
  duplicate: "Duplicate: says the same",
  suspected: "Perhaps the same",
};

export class Surroundings {
  // `open(pairId)` is asked for by a click on another pair.
  constructor(at, { open }) {
    Object.assign(this, { at, open });
    this.shown = null;
  }

  // Until the server has told what there is.
  begin() {
    this.shown = null;
    this.at("context-says").textContent = "Fetching …";
    this.at("context-parts").replaceChildren();
    this.back();
  }

  draw(context) {
    if (!context || this.shown === context) return;
    this.shown = context;
    const left = context.pairs.filter((pair) => pair.status === "pending").length;
    const count = context.pairs.length === 1 ? "1 pair" : `${context.pairs.length} pairs`;
    const { page, done } = context;
    const printed = page.printed ? `, p. ${page.printed}` : "";
    this.at("context-says").replaceChildren(
      element("b", done ? "done" : "", done ? "✓ Page done" : `${left} to decide`),
      ` of ${count} · ${page.title || page.source}${printed}`,
    );
    this.at("context-parts").replaceChildren(
      ...this.#alike(context),
      ...this.#neighbours(context),
      ...index(context.codes),
      ...this.#pairs(context),
    );
  }

  // ---------------------------------------------------------------- pairs alike

  #alike({ own, alike }) {
    if (!alike.length) return [];
    return [element("h3", "", "Pairs alike"), ...alike.map((other) => this.#both(own, other))];
  }

  #both(own, other) {
    const made = element("section", `both ${other.relation}`);
    const head = element("p", "relation");
    head.append(element("b", "", RELATION[other.relation]), ...other.reasons.map((why) => element("span", "fact", words(why))));
    const [ownQuestion, otherQuestion] = twoSides(own.question, other.question);
    const [ownAnswer, otherAnswer] = twoSides(own.answer, other.answer);
    const open = element("button", "", "Open this pair");
    open.setAttribute("aria-label", `Open: ${other.question}`);
    open.onclick = () => this.open(other.id);
    made.append(
      head,
      side("This pair", own, ownQuestion, ownAnswer),
      side(`The other: ${state(other)}`, other, otherQuestion, otherAnswer, open),
    );
    return made;
  }

  // ---------------------------------------------------------------- pages beside it

  #neighbours({ before, after }) {
    const row = element("div", "neighbours");
    if (before) row.append(this.#neighbour("← Page before", before));
    if (after) row.append(this.#neighbour("Page after →", after));
    return row.childElementCount ? [element("h3", "", "Pages beside this one"), row] : [];
  }

  #neighbour(name, page) {
    const card = element("button", "neighbour");
    card.dataset.page = page.id;
    if (page.thumbnail) {
      const image = new Image();
      image.alt = "";
      image.src = page.thumbnail;
      image.style.rotate = `${page.rotation * 90}deg`;
      card.append(image);
    }
    const where = element("span", "", page.title);
    if (page.printed) where.append(element("em", "", ` p. ${page.printed}`));
    card.append(element("b", "", name), where);
    card.onclick = () => this.#peek(name, page);
    return card;
  }

  // A neighbour at full width, to read on; the pair stays where it is.
  #peek(name, page) {
    const place = this.at("peek");
    const back = element("button", "", "← Back");
    back.onclick = () => this.back();
    const head = element("div", "row");
    head.append(back, element("b", "", `${name.replace(/[←→]/gu, "").trim()}: ${page.title}`));
    const sheet = element("div", "sheet");
    if (!page.scan) drawSheet(sheet, page, null);
    place.replaceChildren(head, page.scan ? cropOf(page, [], null) : sheet);
    place.hidden = false;
    this.at("context-parts").hidden = true;
    back.focus();
  }

  // Whether there was a neighbour to come back from.
  back() {
    const wasPeeking = !this.at("peek").hidden;
    this.at("peek").hidden = true;
    this.at("context-parts").hidden = false;
    return wasPeeking;
  }

  // ---------------------------------------------------------------- the page's pairs

  #pairs({ pairs, pair }) {
    const list = element("ol", "page-pairs");
    for (const each of pairs) {
      const row = element("button", each.status);
      if (each.id === pair) row.setAttribute("aria-current", "true");
      row.append(element("span", "stand", state(each)), element("b", "", each.question), element("span", "", each.answer));
      row.onclick = () => this.open(each.id);
      const line = element("li");
      line.append(row);
      list.append(line);
    }
    return [element("h3", "", "All pairs of this page"), list];
  }
}

function state({ status, reason, by }) {
  const why = status === "set_aside" ? asideReason(reason) : words(reason ?? "");
  return `${MARKS[status]} ${STATUS[status]}${by ? ` by ${by}` : ""}${why ? `: ${why}` : ""}`;
}

function side(title, pair, question, answer, action) {
  const made = element("div", "side-by-side");
  const asked = element("p");
  asked.append(question);
  const said = element("p", "said");
  said.append(answer.childNodes.length ? answer : markedAnswer(pair.answer, pair.tokens));
  const where = element("p", "note", [pair.page.title, pair.page.printed && `p. ${pair.page.printed}`].filter(Boolean).join(", "));
  made.append(element("h4", "", title), cropOf(pair.page, pair.boxes, pair.quote), where, asked, said, ...(action ? [action] : []));
  return made;
}

function index(codes) {
  if (!codes.length) return [];
  const table = element("dl", "codes");
  for (const [code, title] of codes) table.append(element("dt", "", code || "–"), element("dd", "", title));
  return [element("h3", "", "The index lists this page under"), table];
}
