// What a reviewer adds to a page: pairs that the model missed, and evidence drawn on the scan.

import { Drawing } from "./drawing.js";
import { newSubject } from "./editor.js";

const ROWS = { nextPair: 1, previousPair: -1 }; // J, K and the arrows go from row to row while evidence is drawn

export class Additions {
  // `hint(text)` tells why something cannot be and gives false, `isNamed()` asks for a missing name, `typed(text)`
  // hears of a text that is to be checked, `redraw()` of a change of what is shown.
  constructor({ at, painter, session, hint, isNamed, typed, redraw }) {
    Object.assign(this, { at, painter, session, hint, isNamed, typed, redraw });
    this.editor = painter.editor;
    this.drawing = new Drawing(at, painter.viewer, {
      changed: (boxes) => this.#drew(boxes),
      wants: (page) => session.transport.ask({ words: page }),
      says: (word) => (at("announce").textContent = word),
    });
  }

  // ---------------------------------------------------------------- new pairs

  begin(types, from = null) {
    const { page } = this.session;
    if (!page || !this.isNamed()) return false;
    const subject = newSubject(page);
    const draft = this.session.draft(subject);
    this.session.checked = null;
    this.editor.begin(subject, types, draft);
    if (draft) this.typed(draft);
    else if (from) this.editor.fill(from);
    this.redraw();
    return true;
  }

  startFromShown() {
    if (!this.editor.isNew) return false;
    this.editor.fill(this.session.pair);
    return true;
  }

  // ---------------------------------------------------------------- drawn evidence

  // Begin to draw, or leave off.
  toggle() {
    const { drawing, painter, session } = this;
    if (drawing.isOn) {
      drawing.stop();
      this.at(this.editor.isOpen ? "edit-answer" : "scan").focus({ preventScroll: true });
      return true;
    }
    const { subject } = painter;
    const { page } = session;
    if (!page?.scan) return this.hint("This page has no scan to draw on.");
    if (!this.isNamed()) return false;
    const mayChange = subject.isNew || !session.isDecided || session.redeciding;
    if (!mayChange) return this.hint(`Already decided. Press ${painter.keymap.label("change")} to change it.`);
    const draft = this.boxesOf(subject);
    const boxes = draft ?? (subject.drawn ? subject.evidence.boxes : []);
    drawing.start(subject, { draft, boxes }, page, session.words.get(page.id));
    this.at("scan").focus({ preventScroll: true });
    return true;
  }

  // What was drawn for a pair or a new one and waits for the decision; null: nothing.
  boxesOf(subject) {
    return this.painter.drawings.of(subject);
  }

  // It went with a decision, or was given up.
  forget(subject) {
    this.drawing.stop();
    this.painter.drawings.keep(subject, null);
  }

  discard() {
    this.forget(this.painter.subject);
    this.painter.mark();
  }

  bringBack(pairId, boxes) {
    if (boxes) this.painter.drawings.bringBack(pairId, boxes);
  }

  #drew(boxes) {
    this.painter.drawings.keep(this.drawing.subject, boxes);
    this.painter.mark();
  }

  // Another pair is on the screen, or the words of the page have come.
  follow() {
    const { drawing, painter, session } = this;
    if (!drawing.isOn) return;
    if (drawing.subject.id !== painter.subject?.id) drawing.stop();
    else if (!drawing.words.length) drawing.take(session.words.get(session.page.id) ?? []);
  }

  // Whether an action was one of the drawing's own.
  takes(action) {
    if (!this.drawing.isOn || !(action in ROWS || action === "cancel")) return false;
    if (action === "cancel") this.drawing.stop({ forget: true });
    else this.drawing.row(ROWS[action]);
    return true;
  }
}
