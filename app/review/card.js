// The pair beside its scan: text with its evidence, warnings, where it comes from, and the form to mend it.

import { drawFacts, drawWhy } from "./facts.js";
import { lightToken, linkTokens } from "./tokens.js";
import { element, markedAnswer, wordDiff, wordsOf as words } from "./words.js";

export const REASONS = [
  ["wrong_value", "Wrong value"],
  ["not_on_page", "Not on this page"],
  ["wrong_unit", "Wrong unit"],
  ["incomplete_or_unsafe", "Incomplete or unsafe"],
  ["unclear_question", "Unclear question"],
  ["trivial", "Trivial"],
  ["duplicate", "Duplicate"],
  ["unreadable_scan", "Unreadable scan"],
  ["other", "Other: say what"],
];
const VERDICTS = {
  supported: ["good", "✓", "Every number, unit and name of the answer stands on the page."],
  partly: ["warn", "!", "A part of the answer was not found on the page:"],
  unsupported: ["bad", "✕", "The answer was not found on the page:"],
  not_checkable: ["plain", "–", "The words of this page could not be checked. Compare with the scan."],
  unwritten: ["plain", "…", "What you write is compared with the page as you type."],
};
export const UNWRITTEN = { verdict: "unwritten", quote: null, boxes: [], unsupported: [], tokens: [] };
const MOST_ASIDE = 60;
const MARKS = { approved: "✓", rejected: "✕", set_aside: "–", pending: "" };
export const STATUS = { approved: "approved", rejected: "rejected", set_aside: "set aside", pending: "to decide" };
const DANGEROUS = new Set([
  "number_not_on_page",
  "code_not_on_page",
  "look_alike_code",
  "unit_changed",
  "unit_not_on_page",
  "side_not_there",
  "value_elsewhere",
  "another_value_nearer",
  "callout_elsewhere",
  "callout_as_count",
  "side_swapped",
  "limit_reversed",
  "negation_changed",
  "unit_dropped",
  "instruction_like",
]);

// Why a pair was set aside, in words.
const ASIDE = {
  duplicate_of: "another pair says the same",
  superseded: "a later run replaced it",
  site_asset: "a picture of the web site",
  sample: "the sample is not used once there are scans of your own",
  source_gone: "its source file is gone",
  "filtered:page_full": "its page has enough others of this kind",
  "filtered:alike": "an earlier pair of the page asks and says the same",
  "filtered:empty_answer": "the answer says nothing",
  "filtered:generic_answer": "the answer says that it does not know",
  "filtered:self_reference": "the question points at the page",
  "filtered:answer_short": "the answer is too short for such a question",
  "filtered:answer_long": "the answer is too long",
  "filtered:question_short": "the question is too short",
  "filtered:no_question_mark": "the question is no question",
};
export const asideReason = (reason) => ASIDE[reason] ?? (reason ?? "no reason").replace(":", ": ").replaceAll("_", " ");

export { words };
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export class Card {
  // `at(name)` finds a part of the screen by its data attribute; `open(pairId)`, `restore(pairId)` and, of a token's
  // word on the scan, `point(index)` and `bring(index)` are asked for.
  constructor(at, { open, point, bring, restore }) {
    Object.assign(this, { at, open, point, bring, restore });
    this.drawn = null;
  }

  draw(pair, page, session) {
    this.at("question").textContent = pair.question;
    this.#answer(pair);
    this.evidence(pair.evidence, pair.flags);
    this.#decided(pair, session);
    this.#afterwards(() => {
      this.#facts(pair);
      this.chips(pair, page);
    });
    const flag = this.at("flag");
    flag.setAttribute("aria-pressed", String(pair.flagged));
    if (this.drawn !== pair.id) this.at("card").scrollTop = 0;
    this.drawn = pair.id;
  }

  // What nobody decides by comes once the text is painted: the next key press must not wait for it.
  #afterwards(draw) {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    this.frame = requestAnimationFrame(() => {
      this.later = setTimeout(draw);
    });
  }

  #answer(pair) {
    const place = this.at("answer");
    place.replaceChildren(markedAnswer(pair.answer, pair.evidence.tokens));
    linkTokens(place, this);
  }

  light(index) {
    lightToken(this.at("answer"), index);
  }

  evidence(evidence, flags) {
    const [kind, sign, sentence] = VERDICTS[evidence.verdict] ?? VERDICTS.not_checkable;
    const place = this.at("verdict");
    place.className = `verdict ${kind}`;
    place.replaceChildren(element("b", "", sign), element("span", "", sentence));
    if (kind === "warn" || kind === "bad") {
      for (const token of evidence.unsupported.slice(0, 12)) place.append(element("code", "", token));
    }
    this.at("flags").replaceChildren(...flags.map((flag) => this.#flag(flag)));
  }

  #flag({ name, sentence }) {
    const row = element("li", DANGEROUS.has(name) ? "bad" : "warn");
    row.append(element("b", "", capital(words(name))), element("span", "", sentence));
    return row;
  }

  #decided(pair, session) {
    const place = this.at("decided");
    place.hidden = pair.status === "pending" && !pair.awaited;
    place.className = `banner ${pair.status}`;
    if (place.hidden) return;
    if (pair.awaited) {
      place.replaceChildren("Taking the decision back …");
      return;
    }
    const reason = pair.status === "set_aside" ? asideReason(pair.reason) : words(pair.reason ?? "");
    const why = reason ? ` (${reason})` : "";
    const who = pair.by ? ` by ${pair.by}` : "";
    const text = `${MARKS[pair.status]} ${capital(STATUS[pair.status])}${who}${why}`;
    if (session.redeciding) {
      place.replaceChildren(element("span", "", `${text}. Your next decision takes its place.`));
      return;
    }
    const change = element("button");
    change.dataset.do = "change";
    change.append(element("kbd", "", "C"), pair.status === "set_aside" ? " Restore" : " Change");
    place.replaceChildren(element("span", "", text), change);
    if (pair.status !== "set_aside" || !session.queue.length) return;
    const next = element("button", "", "Next pair");
    next.dataset.do = "nextWaiting";
    place.append(next);
  }

  #facts(pair) {
    drawWhy(this.at("why"), pair);
    drawFacts(this.at("facts"), pair, this.open);
  }

  chips(pair, page) {
    const buttons = page.pairs.map(({ id, status }, index) => {
      const chip = element("button", `chip ${status}`, `${index + 1}`);
      if (MARKS[status]) chip.append(element("i", "", MARKS[status]));
      chip.setAttribute("aria-label", `Pair ${index + 1}, ${STATUS[status]}`);
      if (id === pair.id) chip.setAttribute("aria-current", "true");
      chip.onclick = () => this.open(id);
      return chip;
    });
    const left = page.pairs.filter((each) => each.status === "pending").length;
    const note = left ? `${left} of ${page.pairs.length} to decide` : "page done";
    this.at("chips").replaceChildren(...buttons, element("span", "note", note));
    const current = this.at("chips").querySelector("[aria-current]");
    if (current) this.at("chips").scrollTop = current.offsetTop - this.at("chips").offsetTop - current.offsetHeight;
    if (page.holder) this.at("chips").append(element("span", "note held", `${page.holder} has this page open`));
    this.#others(pair, page);
  }

  // The other pairs of the page in short: they are judged against the same scan.
  #others(pair, page) {
    const rows = page.pairs.flatMap(({ id, status, question, answer }, index) => {
      if (id === pair.id) return [];
      const row = element("button", status);
      row.append(element("b", "", `${index + 1}${MARKS[status]}`));
      row.append(element("span", "", question), element("span", "", answer));
      row.onclick = () => this.open(id);
      return [row];
    });
    const place = this.at("others");
    place.hidden = !rows.length;
    place.replaceChildren(element("h2", "", "Also on this page"), ...rows);
    this.#aside(pair, page);
  }

  // The pairs of the page that were set aside, each with its reason and one click to put it back.
  #aside(pair, page) {
    const place = this.at("aside");
    place.hidden = !page.aside.length;
    const rows = page.aside.slice(0, MOST_ASIDE).map(({ id, reason, question, answer }) => {
      const row = element("div", "aside-row");
      const look = element("button", "look");
      look.append(element("span", "", question), element("span", "", answer), element("em", "", asideReason(reason)));
      if (id === pair.id) look.setAttribute("aria-current", "true");
      look.onclick = () => this.open(id);
      const back = element("button", "", "Restore");
      back.setAttribute("aria-label", `Restore: ${question}`);
      back.onclick = () => this.restore(id);
      row.append(look, back);
      return row;
    });
    place.replaceChildren(element("summary", "", `${page.aside.length} set aside on this page`), ...rows);
  }
}
