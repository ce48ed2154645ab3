// Chips below the answer: type, who wrote it, what it cost; and why it looks risky, in sentences.

import { element, wordsOf } from "./words.js";

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const LEVELS = [
  [0.6, "bad", "high"],
  [0.3, "warn", "medium"],
  [0, "plain", "low"],
];

// `open(pairId)` shows a linked pair.
export function drawFacts(place, pair, open) {
  const chips = [fact(capital(wordsOf(pair.type)), "", "Type of the question")];
  if (pair.flagged) chips.unshift(fact("⚑ Flagged", "warn", "Flagged for a second look"));
  chips.push(written(pair));
  if (pair.origin?.usd) chips.push(fact(price(pair.origin.usd), "", "This pair’s share of what the request cost"));
  if (pair.drawn) chips.push(fact("Evidence drawn", "", "A reviewer drew the evidence on the scan"));
  chips.push(button("history", "Who wrote and decided what, and when (H)", `Revision ${pair.rev} `, element("kbd", "", "H")));
  chips.push(button("duplicate", "Start a new pair of this page from this text", "Duplicate"));
  for (const [other, relation] of pair.links ?? []) {
    const link = element("button", relation === "conflict" ? "fact bad" : "fact", `${capital(relation)}: ${other}`);
    link.onclick = () => open(other);
    chips.push(link);
  }
  place.replaceChildren(...chips, element("span", "id", pair.id));
}

function fact(text, kind, title) {
  const chip = element("span", `fact ${kind}`, text);
  if (title) chip.title = title;
  return chip;
}

function written(pair) {
  if (pair.author === "reviewer") return fact(`Text by ${pair.authorName}`, "", `First written by ${pair.model ?? pair.engine}`);
  const prompt = pair.origin?.prompt ? ` · ${pair.origin.prompt}` : "";
  const sha = pair.origin?.sha ? ` (${pair.origin.sha})` : "";
  return fact(`${pair.model ?? pair.engine}${prompt}`, "", `Engine ${pair.engine}${prompt && `, prompt${prompt.slice(2)}${sha}`}`);
}

export function price(usd) {
  return usd < 0.1 ? `${(100 * usd).toPrecision(2)} ¢` : `$${usd.toFixed(2)}`;
}

function button(action, title, ...parts) {
  const chip = element("button", "fact");
  chip.dataset.do = action;
  chip.title = title;
  chip.append(...parts);
  return chip;
}

// The risk with its reasons: names at once, their sentences when it is opened.
export function drawWhy(place, pair) {
  const [, kind, level] = LEVELS.find(([from]) => pair.risk >= from);
  const head = element("summary");
  head.append(element("b", `fact ${kind}`, `Risk ${level} ${Math.round(pair.risk * 100)} %`));
  for (const [name, sentence] of pair.why ?? []) {
    const chip = element("span", "reason", name);
    chip.title = sentence;
    head.append(chip);
  }
  const rows = (pair.why ?? []).map(([name, sentence]) => {
    const row = element("li");
    row.append(element("b", "", `${name}. `), sentence);
    return row;
  });
  const list = element("ul");
  list.append(...(rows.length ? rows : [element("li", "", "No warning sign: this is how often pairs without one were corrected.")]));
  place.replaceChildren(head, list);
}
