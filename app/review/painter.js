// Draws what the session says: the pair with its scan, the strips round it, and the root's attributes.

import { Card, UNWRITTEN } from "./card.js";
import { Editor } from "./editor.js";
import { Toast, drawConflict, drawEmpty, drawSaving } from "./panels.js";
import { filterWords, orderName, writeChoice } from "./choices.js";
import { drawChanged, drawChip } from "./queuepanel.js";
import { drawStrip } from "./regenerate.js";
import { drawSheet } from "./sheet.js";
import { Viewer } from "./viewer.js";
import { element } from "./words.js";

const CHIP_PAUSE_MS = 60;
const PRELOADED = 4;
const LOOKED_AHEAD = 12;
const REFUSED = {
  unknown_pair: "There is no such pair.",
  nothing_to_undo: "Nothing of yours to take back on that pair.",
  reviewer_missing: "Give your name first.",
};

export class Painter {
  // `open(pairId)` is asked for by a click on another pair, `restore(pairId)` to put one back;
  // `typed(text)` hears what is being written; `drawn` knows the evidence that the reviewer drew.
  constructor(root, session, { open, typed, restore, drawn, keymap }) {
    Object.assign(this, { root, session, keymap, drawings: drawn, showsOthers: false });
    this.at = (name) => root.querySelector(`[data-${name}]`);
    this.toast = new Toast(this.at("toast"));
    this.viewer = new Viewer(this.at("scan"), { onPick: (index) => this.card.light(index), onOpen: open });
    const point = (index) => this.viewer.marks.light(index);
    const bring = (index) => this.viewer.bring(this.viewer.marks.said[index]?.[2]);
    this.card = new Card(this.at, { open, restore, point, bring });
    this.editor = new Editor(this.at, { typed });
    this.drawn = null;
    this.paintedAt = undefined;
  }

  stop() {
    this.viewer.stop();
  }

  // Draw whatever `what` has changed: "pair", "conflict", "reply" or "outbox".
  draw(what) {
    if (what === "pair" || what === "conflict") this.#pair();
    if (what === "conflict") this.toast.hide(); // what it told has not come about
    if (this.editor.isOpen) this.#check();
    else drawConflict(this.at("conflict"), this.session.conflict);
    this.#progress();
    this.#refusals();
    this.#regeneration();
    this.#chosen();
    this.saving();
    this.state();
    this.keymap.paint(this.root);
  }

  #chip() {
    this.chipSoon = null;
    drawChip(this.at("queue-chip"), this.session.choosing, this.session.store.pages);
  }

  // What is queued, and what someone else did to the pair on the screen.
  #chosen() {
    const { choosing, pair, reviewer } = this.session;
    this.chipSoon ??= setTimeout(() => this.#chip(), CHIP_PAUSE_MS); // not between a key and the next pair's frame
    drawChanged(this.at("changed"), choosing.changed, pair, reviewer);
  }

  // ---------------------------------------------------------------- the pair

  #pair() {
    const { pair, page } = this.session;
    if (!pair || !page) {
      this.drawn = null;
      return;
    }
    const isNew = this.drawn !== `${pair.id}@${pair.rev}`;
    if (isNew) this.#newPair(pair, page);
    if (isNew || !this.editor.isOpen) this.card.draw(pair, page, this.session);
  }

  #newPair(pair, page) {
    this.drawn = `${pair.id}@${pair.rev}`;
    this.session.checked = null;
    this.at("scan").classList.toggle("is-text", !page.scan);
    this.at("sheet").hidden = Boolean(page.scan);
    this.at("stage").hidden = !page.scan;
    if (page.scan) this.#scan(pair, page);
    else this.#sheet(pair, page);
    this.#crumbs(page);
    this.#address(pair.id);
    this.at("announce").textContent = pair.question;
    this.#painted();
    const next = this.session.queue.slice(0, LOOKED_AHEAD).map((id) => this.session.store.pageOf(id));
    this.viewer.preload([...new Set(next)].slice(0, PRELOADED));
  }

  #sheet(pair, page) {
    this.viewer.marks.clear();
    this.at("drawn-note").hidden = true;
    drawSheet(this.at("sheet"), page, pair.evidence.quote);
  }

  #scan(pair, page) {
    this.viewer.show(page);
    this.mark();
    this.others();
    if (this.viewer.autoFrame) this.viewer.frameEvidence();
  }

  // ---------------------------------------------------------------- evidence

  // The text that the marks belong to: what is being written, else the pair on the screen.
  get subject() {
    return this.editor.pair ?? this.session.pair;
  }

  // What the checks say of it, as far as they have said anything.
  get #finding() {
    const { subject, session } = this;
    const { checked } = session;
    const isOfIt = subject.isNew ? checked?.page === subject.page && !checked.pair : checked?.pair === subject.id;
    if (this.editor.isOpen && isOfIt) return checked;
    return subject.isNew ? { evidence: UNWRITTEN, flags: [] } : subject;
  }

  // Mark the evidence: what a person drew stands before what the checks find.
  mark() {
    const { subject } = this;
    const { evidence } = this.#finding;
    const drawn = this.drawings.of(subject);
    const places = drawn ?? (subject.drawn ? subject.evidence.boxes : null);
    this.viewer.mark(places ?? evidence.boxes, evidence.tokens, Boolean(places));
    this.at("drawn-note").hidden = drawn === null;
    if (drawn) this.at("drawn-says").textContent = drawnText(drawn.length);
  }

  // The evidence of the page's other pairs, where it is asked for.
  others() {
    const { pair, page } = this.session;
    const shown = this.showsOthers && page?.scan ? page.pairs : [];
    const rows = shown.map((each, at) => ({ ...each, text: `Pair ${at + 1}: ${each.question} — ${each.answer}` }));
    this.viewer.marks.others(rows.filter((each) => each.id !== pair.id));
  }

  // A press counts from the second frame on: only then has the pair certainly been on the screen.
  #painted() {
    this.paintedAt = undefined;
    const { drawn } = this;
    const second = () => {
      if (this.drawn === drawn) this.paintedAt = performance.now();
    };
    requestAnimationFrame(() => requestAnimationFrame(second));
  }

  #crumbs(page) {
    const file = page.source + (page.number ? `, page ${page.number}` : "");
    const crumbs = [page.manual, page.section, page.title || page.source].filter(Boolean).map((text) => {
      const crumb = element("span", "", text);
      crumb.title = file;
      return crumb;
    });
    if (page.printed) crumbs.push(element("em", "", `p. ${page.printed}`));
    this.at("crumbs").replaceChildren(...crumbs);
  }

  // The address always names the pair, never the reviewer: a copied link must not carry a name along.
  #address(pairId) {
    const address = new URL(location.href);
    address.searchParams.delete("reviewer");
    address.searchParams.set("pair", pairId);
    writeChoice(address, this.session.choosing.choice);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  // What the checks say of the text that is being typed.
  #check() {
    const { evidence, flags } = this.#finding;
    this.card.evidence(evidence, flags);
    if (this.session.page.scan) this.mark();
  }

  // ---------------------------------------------------------------- round it

  #progress() {
    const { reviewer, tally } = this.session;
    this.at("who").textContent = reviewer || "No name yet";
    if (!tally.counts) return;
    const all = tally.decided + tally.counts.pending;
    const bar = this.at("bar");
    bar.firstElementChild.style.width = `${all ? (100 * tally.decided) / all : 0}%`;
    bar.setAttribute("aria-valuemax", all);
    bar.setAttribute("aria-valuenow", tally.decided);
    this.at("progress").textContent = `${tally.decided.toLocaleString("en")} of ${all.toLocaleString("en")} decided`;
    const pace = tally.pace === null ? "" : ` · ${tally.pace} a minute`;
    this.at("pace").textContent = tally.decidedAt.length ? `${tally.decidedAt.length} in this visit${pace}` : "";
  }

  #refusals() {
    for (const text of this.session.news.splice(0)) this.toast.show(text, "plain", 4000);

    for (const { why, message, pair, written } of this.session.refusals.splice(0)) {
      if (written?.boxes) this.drawings.bringBack(`new:${pair}`, written.boxes);
      this.toast.show(`${REFUSED[why] ?? message ?? why} (${pair})`, "hint", 6000);
    }
  }

  // How the regeneration of this page stands; nothing where there was none lately.
  #regeneration() {
    const { page, regenerations } = this.session;
    const job = page ? regenerations.of(page.id) : null;
    this.#attribute("regeneration", job ? job.state : null);
    drawStrip(this.at("regeneration-strip"), job);
  }

  saving() {
    drawSaving(this.at("saving"), this.session.transport, this.session.outbox.size);
  }

  state() {
    const { session, editor } = this;
    const { pair } = session;
    const isEmpty = !pair && session.loaded;
    const late = session.transport.isLate;
    const busy = editor.isOpen ? "editing" : session.conflict ? "conflict" : late ? "offline" : null;
    this.#attribute("state", busy ?? (isEmpty ? "empty" : pair ? "ready" : null));
    this.#attribute("pairId", pair ? pair.id : null);
    this.#attribute("revision", pair ? pair.rev : null);
    this.#attribute("saved", session.saved);
    this.#attribute("unsaved", session.outbox.size);
    const hidesColumns = isEmpty && !session.conflict;
    this.at("columns").hidden = hidesColumns;
    this.at("columns").classList.toggle("is-loading", !pair && !session.conflict);
    this.at("hints").hidden = hidesColumns;
    this.at("empty").hidden = !hidesColumns;
    this.at("actions").hidden = editor.isOpen;
    this.at("edit-actions").hidden = !editor.isOpen;
    this.at("undo").disabled = !session.done.length;
    if (hidesColumns) this.#empty(late);
  }

  #attribute(name, value) {
    if (value === null) delete this.root.dataset[name];
    else this.root.dataset[name] = value;
  }

  #empty(late) {
    const { outbox, tally, exhausted, done } = this.session;
    const { choice, isUsual } = this.session.choosing;
    const chosen = isUsual ? null : [orderName(choice.order), ...filterWords(choice)].join(" · ");
    const facts = { waiting: outbox.size, late, counts: tally.counts, exhausted, canUndo: done.length > 0, chosen };
    const place = this.at("empty");
    if (place.dataset.facts === JSON.stringify(facts)) return;
    place.dataset.facts = JSON.stringify(facts);
    drawEmpty(place, facts);
  }
}

function drawnText(count) {
  if (!count) return "The drawn evidence goes when you approve: the checks’ own marks stand again.";
  return `${count === 1 ? "One place" : `${count} places`} marked by you, stored when you approve.`;
}
