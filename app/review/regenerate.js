// The regeneration of a page: the panel that asks for it, the strip that tells how it stands, old beside new pairs.

import { REASONS, STATUS, asideReason, words } from "./card.js";
import { element, twoSides } from "./words.js";

const KEPT_BY_CLAUDE =
  "Claude looks at the page again with your reason and comment, within the cost limits of the configuration.";
const KEPT_BY_RULES =
  "No key is set, so the built-in reader reads the page again with your corrections of the page. " +
  "Only Claude uses written feedback; yours is kept with the job.";

export class RegeneratePanel {
  // `send({reason, comment, corrections})` asks for the job, `correct(corrections)` only stores corrections.
  constructor(at, { send, correct }) {
    Object.assign(this, { at, send, correct });
    this.reason = null;
    const chips = REASONS.map(([name, label], index) => {
      const chip = element("button");
      chip.type = "button";
      chip.dataset.reason = name;
      chip.append(element("kbd", "", String(index + 1)), ` ${label.replace(": say what", "")}`);
      chip.onclick = () => this.choose(index + 1);
      return chip;
    });
    at("regenerate-reasons").replaceChildren(...chips);
    at("regenerate-form").onsubmit = (event) => event.preventDefault();
  }

  begin(page, { kinds, paid, turns }) {
    this.page = page;
    this.turns = turns;
    this.#choose(null);
    this.at("feedback").value = "";
    this.at("regenerate-means").textContent = meaning(page, paid);
    this.at("feedback-use").textContent = paid ? "(Claude gets it)" : "(kept with the job; no key is set)";
    const choices = page.kind && !kinds.includes(page.kind) ? [page.kind, ...kinds] : kinds;
    this.at("page-kind").replaceChildren(...choices.map((kind) => new Option(words(kind), kind)));
    this.at("page-kind").value = page.kind ?? "";
    this.at("section-id").value = page.sectionId ?? "";
    this.at("section-name").value = page.sectionName ?? "";
    this.#turn(page);
  }

  // R turns the scan for oneself; here the turn can be stored for everybody.
  #turn(page) {
    const turned = page.scan && this.turns !== page.rotation % 4;
    this.at("turn-row").hidden = !page.scan;
    this.at("turn").checked = Boolean(turned);
    this.at("turn").disabled = !turned;
    this.at("turn-text").textContent = turned
      ? `Save the scan’s present turn (${this.turns * 90}° clockwise) for everybody`
      : "The scan’s turn is right (R turns it; here the turn can be saved for everybody)";
  }

  choose(number) {
    const [reason] = REASONS[number - 1] ?? [];
    if (reason) this.#choose(this.reason === reason ? null : reason);
  }

  #choose(reason) {
    this.reason = reason;
    for (const chip of this.at("regenerate-reasons").children) {
      chip.setAttribute("aria-pressed", String(chip.dataset.reason === reason));
    }
  }

  get corrections() {
    const { page } = this;
    const changed = {};
    const take = (field, value, before) => {
      if (value && value !== (before ?? "")) changed[field] = value;
    };
    take("content_type", this.at("page-kind").value, page.kind);
    take("section_id", this.at("section-id").value.trim(), page.sectionId);
    take("section_name", this.at("section-name").value.trim(), page.sectionName);
    if (this.at("turn").checked && !this.at("turn").disabled) changed.rotation = String(this.turns);
    return changed;
  }

  submit() {
    const comment = this.at("feedback").value.trim();
    this.send(this.page, { reason: this.reason, comment, corrections: this.corrections });
  }

  saveCorrections() {
    this.correct(this.page, this.corrections);
  }
}

function meaning(page, paid) {
  const count = (status) => page.pairs.filter((pair) => pair.status === status).length;
  const parts = [paid ? KEPT_BY_CLAUDE : KEPT_BY_RULES];
  const waiting = count("pending");
  if (waiting) parts.push(`${many(waiting, "undecided pair")} will be replaced when the new ones are stored, not before.`);
  if (count("approved")) parts.push(`${many(count("approved"), "approved pair")} will stay.`);
  if (count("rejected")) parts.push("Rejected pairs are not proposed again.");
  return parts.join(" ");
}

const many = (count, name) => `${count} ${name}${count === 1 ? "" : "s"}`;

// How the page's regeneration stands, and what can be done about it.
export function drawStrip(place, job) {
  const facts = JSON.stringify(job);
  if (place.dataset.job === facts) return;
  place.dataset.job = facts;
  place.hidden = !job;
  if (!job) return;
  place.className = `strip ${job.state}`;
  const [text, ...buttons] = STANDS[job.state](job);
  place.replaceChildren(element("span", "", text), ...buttons);
}

const STANDS = {
  queued: () => ["Regeneration waits for the worker …"],
  running: ({ doing, stops }) => [stops ? "Regeneration stops …" : `Regeneration runs ${doing ?? ""} …`],
  failed: ({ why }) => [
    `Regeneration failed: ${why}. The pairs are as they were.`,
    button("regenerate", "Try again"),
    button("dismissRegeneration", "✕", "Do not show this any more"),
  ],
  cancelled: () => ["Regeneration was stopped.", button("dismissRegeneration", "✕", "Do not show this any more")],
  done: (job) => [
    doneText(job),
    button("compare", job.old || job.new ? "Old and new" : "See the pairs"),
    button("dismissRegeneration", "✕", "Do not show this any more"),
  ],
};

function doneText({ old, new: fresh, by }) {
  const who = by ? ` for ${by}` : "";
  if (!old && !fresh) return `Regenerated${who}: the page gave the same pairs again.`;
  return `Regenerated${who}: ${many(fresh, "new pair")}, ${old} replaced.`;
}

function button(action, text, label = null) {
  const made = element("button", text === "✕" ? "quiet" : "", text);
  made.dataset.do = action;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

// Old and new pairs side by side; `open(pairId)` and `restore(pairId)` are asked for.
export function drawComparison(at, comparison, { open, restore }) {
  const { rows, kept, same } = comparison;
  const says = [];
  if (!rows.length) says.push("The page gave the same pairs again: nothing was replaced.");
  if (same) says.push(`${many(same, "pair")} came out word by word as before.`);
  if (kept.length) says.push(`${many(kept.length, "pair")} with a person’s decision or text stayed.`);
  at("compare-says").textContent = says.join(" ");
  const parts = rows.length ? [element("h3", "", "Before"), element("h3", "", "Now")] : [];
  for (const [old, fresh] of rows) parts.push(...versions(old, fresh, { open, restore }));
  if (kept.length) parts.push(element("h3", "both-columns", "Stayed"), ...kept.map((pair) => pinned(pair, open)));
  at("compare-rows").replaceChildren(...parts);
}

function versions(old, fresh, { open, restore }) {
  if (!old) return [element("div", "version none", "–"), version(fresh, null, looking(fresh, open))];
  if (!fresh) return [version(old, null, putBack(old, restore)), element("div", "version none", "–")];
  const [oldQuestion, newQuestion] = twoSides(old.question, fresh.question);
  const [oldAnswer, newAnswer] = twoSides(old.answer, fresh.answer);
  return [
    version(old, [oldQuestion, oldAnswer], putBack(old, restore)),
    version(fresh, [newQuestion, newAnswer], looking(fresh, open)),
  ];
}

function version(pair, marked, action) {
  const made = element("div", `version ${pair.status}`);
  const question = element("p");
  question.append(marked?.[0] ?? pair.question);
  const answer = element("p", "said");
  answer.append(marked?.[1] ?? pair.answer);
  const row = element("div", "row");
  const state = pair.status === "set_aside" ? `set aside: ${asideReason(pair.reason)}` : STATUS[pair.status];
  row.append(element("span", "note", state), ...(action ? [action] : []));
  made.append(question, answer, row);
  return made;
}

function putBack(pair, restore) {
  if (pair.status !== "set_aside") return null;
  const made = element("button", "", "Restore");
  made.onclick = () => restore(pair.id);
  return made;
}

function looking(pair, open) {
  const made = element("button", "", pair.status === "pending" ? "Review" : "Look");
  made.onclick = () => open(pair.id);
  return made;
}

function pinned(pair, open) {
  const made = element("button", `pinned ${pair.status}`);
  const mark = pair.status === "rejected" ? "✕" : "✓";
  const by = pair.by ? `${words(pair.status)} by ${pair.by}` : words(pair.status);
  made.append(element("b", "", mark), element("span", "", pair.question), element("span", "", pair.answer));
  made.append(element("em", "", pair.status === "rejected" ? `${by}; not proposed again` : by));
  made.onclick = () => open(pair.id);
  return made;
}
