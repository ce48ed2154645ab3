// What happened to a pair: its texts with what each changed, and the decisions, newest last.

import { asideReason } from "./card.js";
import { price } from "./facts.js";
import { element, wordDiff, wordsOf } from "./words.js";

const VERDICTS = {
  approve: ["✓", "approved it"],
  edit: ["✓", "edited and approved it"],
  reject: ["✕", "rejected it"],
  skip: ["→", "skipped it"],
  undo: ["↶", "took a decision back"],
  flag: ["⚑", "flagged it"],
  unflag: ["⚐", "took the flag off"],
};

const AUTHORS = { model: (by) => `The engine ${by}`, import: (by) => `An import (${by})` };

export class HistoryPanel {
  constructor(at, session) {
    Object.assign(this, { at, session });
  }

  // Fetch what is to be told of the pair on the screen; whether there is one.
  ask() {
    const { pair } = this.session;
    if (!pair) return false;
    this.session.askHistory(pair.id);
    drawHistory(this.at, pair, null);
    return true;
  }

  update() {
    const { history, pair } = this.session;
    if (!pair || history?.pair !== pair.id || this.drawn === history) return;
    this.drawn = history;
    drawHistory(this.at, pair, history);
  }
}

// `told` is {pair, rows, read}, or null while it is being fetched.
function drawHistory(at, pair, told) {
  at("history-says").textContent = pair.id;
  at("history-facts").replaceChildren(...facts(pair, told).flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
  const rows = told ? steps(told.rows) : [element("li", "note", "Fetching …")];
  at("history-rows").replaceChildren(...rows);
}

function facts(pair, told) {
  const { origin } = pair;
  const found = [["Engine", pair.engine]];
  if (pair.model) found.push(["Model", pair.model]);
  if (origin?.prompt) found.push(["Prompt", origin.sha ? `${origin.prompt} (${origin.sha})` : origin.prompt]);
  if (origin?.at) found.push(["Proposed", moment(origin.at)]);
  if (origin?.usd) found.push(["Cost of this pair", price(origin.usd)]);
  if (told?.read != null) found.push(["Evidence read with", `${Math.round(100 * told.read)} % confidence`]);
  return found;
}

function steps(rows) {
  const undone = new Set(rows.map((row) => row.undoes).filter(Boolean));
  let before = null;
  return rows.map((row) => {
    if (row.kind === "machine") return machine(row);
    if (row.kind === "decision") return decision(row, undone.has(row.seq));
    const made = revision(row, before);
    before = row;
    return made;
  });
}

function revision(row, before) {
  const made = element("li", "revision");
  const who = AUTHORS[row.author]?.(row.by) ?? row.by;
  made.append(head(String(row.revision), `${who} wrote revision ${row.revision}`, row.at));
  made.append(text("said-question", before?.question, row.question), text("said", before?.answer, row.answer));
  if (before && before.question_type !== row.question_type) {
    made.append(element("p", "note", `Type: ${wordsOf(before.question_type)} → ${wordsOf(row.question_type)}`));
  }
  if (row.drawn) made.append(element("p", "note", row.drawn === 1 ? "Evidence drawn: 1 place" : `Evidence drawn: ${row.drawn} places`));
  return made;
}

function text(kind, before, now) {
  const made = element("p", kind);
  made.append(before === undefined || before === now ? now : wordDiff(before, now));
  return made;
}

function decision(row, isUndone) {
  const [sign, says] = VERDICTS[row.verdict] ?? ["•", row.verdict];
  const made = element("li", `decision ${row.verdict}${isUndone ? " undone" : ""}`);
  made.append(head(sign, `${row.by} ${says}${isUndone ? " (taken back)" : ""}`, row.at));
  const why = [row.reason && wordsOf(row.reason), row.comment].filter(Boolean).join(": ");
  if (why) made.append(element("p", "note", why));
  return made;
}

// What no person did; a person's wish to have the pair back is said as such.
function machine(row) {
  const made = element("li", "decision machine");
  const back = row.reason === "restored" ? "Put back in the queue by a person" : "Put back in the queue: the reason no longer holds";
  made.append(row.verdict === "set_aside" ? head("–", "Set aside automatically", row.at) : head("+", back, row.at));
  if (row.verdict === "set_aside") made.append(element("p", "note", asideReason(row.reason)));
  return made;
}

function head(sign, says, at) {
  const made = element("div", "step");
  made.append(element("b", "sign", sign), element("span", "", says), element("time", "", moment(at)));
  return made;
}

const moment = (at) => new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
