// What stands beside or over the card: reasons, conflict, name, help, empty queue, notices.

import { REASONS, words } from "./card.js";
import { element, twoSides } from "./words.js";

const TOAST_MS = 2500;
const OFFER_RELOAD_MS = 20000;

// The reasons of a rejection, chosen by key or click; `other` asks for a comment.
export class Reasons {
  constructor(at, { chosen }) {
    this.at = at;
    this.chosen = chosen;
    this.last = null;
    const buttons = REASONS.map(([name, label], index) => {
      const button = element("button");
      button.append(element("kbd", "", String(index + 1)), ` ${label}`);
      button.onclick = () => this.choose(index + 1);
      return button;
    });
    at("reason-buttons").replaceChildren(...buttons);
    at("comment-form").onsubmit = (event) => {
      event.preventDefault();
      const comment = at("comment").value.trim();
      if (comment) this.#done({ reason: "other", comment });
    };
  }

  get isOpen() {
    return !this.at("reasons").hidden;
  }

  open() {
    this.at("reasons").hidden = false;
    this.at("comment-form").hidden = true;
    this.at("comment").value = "";
  }

  close() {
    this.at("reasons").hidden = true;
  }

  choose(number) {
    const [reason] = REASONS[number - 1] ?? [];
    if (!reason) return;
    if (reason !== "other") {
      this.#done({ reason });
      return;
    }
    this.at("comment-form").hidden = false;
    this.at("comment").focus();
  }

  repeat() {
    if (this.last) this.#done(this.last);
  }

  #done(choice) {
    this.last = choice;
    this.close();
    this.chosen(choice);
  }
}

export function drawConflict(place, conflict) {
  place.hidden = !conflict;
  if (!conflict) return;
  const { why, mine, seen, theirs } = conflict;
  const title =
    why === "already_decided"
      ? `${theirs.by} ${theirs.status} this pair in the meantime.`
      : "The text of this pair changed after you saw it.";
  const columns = element("div", "both");
  columns.append(...versions(theirs, ...ofMine(mine, seen)));
  const keep = action("keepTheirs", "T", "Keep it as it is now");
  const again = action("decideAgain", "D", "Decide again");
  const row = element("div", "row");
  row.append(keep, again);
  place.replaceChildren(element("b", "", title), element("span", "id", theirs.id), columns, row);
}

function stand(pair) {
  const by = pair.by ? ` by ${pair.by}` : "";
  return `${words(pair.status)}${by}${pair.reason ? `: ${words(pair.reason)}` : ""}`;
}

function ofMine(mine, seen) {
  const reason = mine.reason ? `: ${words(mine.reason)}` : "";
  return [mine.question === undefined ? seen : mine, `${words(mine.verdict)}${reason}`];
}

// Both texts, with the words marked in which they differ.
function versions(theirs, mine, said) {
  const [question, answer] = ["question", "answer"].map((name) => twoSides(theirs[name], mine?.[name] ?? theirs[name]));
  return [
    version("Now", stand(theirs), question[0], answer[0]),
    version("Yours, not stored", said, ...(mine ? [question[1], answer[1]] : [])),
  ];
}

function version(title, note, ...texts) {
  const column = element("div");
  column.append(element("h3", "", title), element("p", "note", note));
  for (const text of texts) {
    const paragraph = element("p", "text");
    paragraph.append(text);
    column.append(paragraph);
  }
  return column;
}

function action(name, key, label) {
  const button = element("button");
  button.dataset.do = name;
  button.append(element("kbd", "", key), ` ${label}`);
  return button;
}

// Why nothing is on the screen, and what to do about it.
export function drawEmpty(place, facts) {
  const [title, sentence, link] = emptyText(facts);
  const row = element("div", "row");
  if (link) {
    const anchor = element("a", "button", link[1]);
    anchor.href = new URL(link[0], document.baseURI).href;
    row.append(anchor);
  }
  const again = element("button", "", "Look again");
  again.dataset.do = "lookAgain";
  row.append(again);
  if (facts.chosen) {
    const all = element("button", "approve", "Everything, by risk");
    all.dataset.do = "everything";
    row.prepend(all);
  }
  if (facts.canUndo) row.append(action("undo", "U", "Undo the last decision"));
  place.replaceChildren(element("h2", "", title), element("p", "", sentence), row);
}

function emptyText({ waiting, late, counts, exhausted, chosen }) {
  if (late) return ["No connection", `${waitingText(waiting)} No more pairs come until the connection is back.`, null];
  if (!exhausted) return ["Fetching more pairs …", waiting ? waitingText(waiting) : "One moment.", null];
  if (chosen) {
    return [`Nothing waits under “${chosen}”`, "Other reviewers may hold what is left. Choose something else with Q.", null];
  }
  const all = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : 0;
  if (!all) {
    const how = "Add scans and start a run. On the command line “manualqa run” does the same.";
    return ["There are no pairs yet", how, ["run", "Add scans and read them"]];
  }
  if (counts.pending > 0) {
    const held = `${counts.pending} pairs wait on pages that other reviewers have open.`;
    return ["Nothing is free at the moment", `${held} They come back within two minutes after those leave.`, null];
  }
  const sentence = `${counts.approved} pairs are approved and ${counts.rejected} rejected.`;
  return ["Every pair is decided", sentence, ["export", "Export the dataset"]];
}

export const waitingText = (count) =>
  count === 1 ? "1 decision waits in this browser." : `${count} decisions wait in this browser.`;

// How the saving stands: quiet while all is well, plain words when it is not.
export function drawSaving(place, transport, waiting) {
  const late = transport.isLate;
  place.className = `saving ${late ? "late" : waiting ? "busy" : "done"}`;
  if (!late) {
    place.textContent = waiting ? "Saving …" : "All saved";
    return;
  }
  const why = transport.error ?? "No answer from the server";
  const text = waiting ? `Not saved yet: ${waitingText(waiting)}` : why;
  place.title = why;
  place.replaceChildren(element("span", "", text));
  if (transport.lateSince && Date.now() - transport.lateSince > OFFER_RELOAD_MS) {
    const reload = element("button", "quiet", "Reload (nothing is lost)");
    reload.onclick = () => location.reload();
    place.append(" ", reload);
  }
}

export class Toast {
  constructor(place) {
    this.place = place;
  }

  show(text, kind = "plain", milliseconds = TOAST_MS) {
    clearTimeout(this.timer);
    this.place.textContent = text;
    this.place.className = `toast ${kind}`;
    this.place.hidden = false;
    this.timer = setTimeout(() => this.hide(), milliseconds);
  }

  hide() {
    this.place.hidden = true;
  }
}
