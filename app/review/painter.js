// Draws what the session says: the pair with its scan, the strips round it, and the root's attributes.

import { Card, Editor } from "./card.js";
import { Toast, drawConflict, drawEmpty, drawSaving } from "./panels.js";
import { drawStrip } from "./regenerate.js";
import { drawSheet } from "./sheet.js";
import { Viewer } from "./viewer.js";
import { element } from "./words.js";

const PRELOADED = 12;
const REFUSED = {
  unknown_pair: "There is no such pair.",
  nothing_to_undo: "Nothing of yours to take back on that pair.",
  reviewer_missing: "Give your name first.",
};

export class Painter {
  // `open(pairId)` is asked for by a click on another pair, `restore(pairId)` to put one back;
  // `typed(text)` hears what is being written.
  constructor(root, session, { open, typed, restore }) {
    this.root = root;
    this.session = session;
    this.at = (name) => root.querySelector(`[data-${name}]`);
    this.toast = new Toast(this.at("toast"));
    this.viewer = new Viewer(this.at("scan"), { onPick: (index) => this.card.light(index) });
    this.card = new Card(this.at, { open, restore, point: (index) => this.viewer.light(index) });
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
    if (this.editor.isOpen) this.#check();
    else drawConflict(this.at("conflict"), this.session.conflict);
    this.#progress();
    this.#refusals();
    this.#regeneration();
    this.saving();
    this.state();
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
    this.card.draw(pair, page, this.session);
  }

  #newPair(pair, page) {
    this.drawn = `${pair.id}@${pair.rev}`;
    this.session.checked = null;
    this.at("scan").classList.toggle("is-text", !page.scan);
    this.at("sheet").hidden = Boolean(page.scan);
    this.at("stage").hidden = !page.scan;
    if (page.scan) this.#scan(pair, page);
    else drawSheet(this.at("sheet"), page, pair.evidence.quote);
    this.#crumbs(page);
    this.#address(pair.id);
    this.at("announce").textContent = pair.question;
    this.#painted();
    const next = this.session.queue.slice(0, PRELOADED).map((id) => this.session.store.pageOf(id));
    this.viewer.preload(next);
  }

  #scan(pair, page) {
    this.viewer.show(page);
    this.viewer.mark(pair.evidence.boxes, pair.evidence.tokens);
    if (this.viewer.autoFrame) this.viewer.frameEvidence();
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
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  // What the checks say of the text that is being typed.
  #check() {
    const { checked, current, page } = this.session;
    if (!checked || checked.pair !== current) return;
    this.card.evidence(checked.evidence, checked.flags);
    if (page.scan) this.viewer.mark(checked.evidence.boxes, checked.evidence.tokens);
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

    for (const { why, message, pair } of this.session.refusals.splice(0)) {
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
    const facts = { waiting: outbox.size, late, counts: tally.counts, exhausted, canUndo: done.length > 0 };
    const place = this.at("empty");
    if (place.dataset.facts === JSON.stringify(facts)) return;
    place.dataset.facts = JSON.stringify(facts);
    drawEmpty(place, facts);
  }
}
