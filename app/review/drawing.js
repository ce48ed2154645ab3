// Evidence drawn by the reviewer: rectangles with the pointer, or words picked by pointer or keys.
// It works in fractions of the upright page, so at any zoom and turn.

import { boxAround, holds, turnedBox, union } from "./geometry.js";
import { read, write } from "./storage.js";

const SMALLEST = 0.004; // a shorter drag is a click
const MOST = 40;
const ANY = "any";
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

// What was drawn and is not yet decided on, by subject (a pair, or a new one of a page); kept in the browser.
export class DrawnEvidence {
  constructor(session) {
    this.session = session;
  }

  // The boxes drawn for this text: null where none were, an empty list where the checks' own shall stand again.
  of({ id, rev }) {
    const kept = read(this.#key(id), null);
    return kept && (kept.rev === rev || kept.rev === ANY) ? kept.boxes : null;
  }

  // After an undo the drawing is back, whatever number the text then has.
  bringBack(id, boxes) {
    write(this.#key(id), { rev: ANY, boxes });
  }

  keep({ id, rev }, boxes) {
    write(this.#key(id), boxes && { rev, boxes });
  }

  #key(id) {
    return `manualqa:drawn:${this.session.workspace}:${this.session.reviewer}:${id}`;
  }
}

export class Drawing {
  // `changed(boxes)` hears what is drawn after every change, `wants(pageId)` asks for the words of a page,
  // `says(text)` tells a person what stands under the keys.
  constructor(at, viewer, { changed, wants, says }) {
    Object.assign(this, { at, viewer, changed, wants, says });
    this.subject = null;
    this.words = [];
    viewer.frame.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOn() {
    return this.subject !== null;
  }

  // `draft` is what was drawn before and waits (null: nothing), `boxes` what stands at the beginning.
  start(subject, { draft, boxes }, page, words) {
    this.subject = subject;
    this.before = draft;
    this.page = page;
    this.rectangles = [...boxes];
    this.picked = new Set();
    this.cursor = null;
    this.from = null;
    this.viewer.pen = this;
    this.#show(true);
    if (words) this.take(words);
    else this.wants(page.id);
  }

  // Leave off; Esc forgets what was drawn since it began.
  stop({ forget = false } = {}) {
    if (!this.isOn) return;
    if (forget) this.changed(this.before);
    this.subject = null;
    this.viewer.pen = null;
    this.words = [];
    this.viewer.marks.layers.drawing.replaceChildren();
    this.#show(false);
  }

  #show(on) {
    this.at("drawing-bar").hidden = !on;
    this.at("scan").classList.toggle("is-drawing", on);
    this.at("draw").setAttribute("aria-pressed", String(on));
    this.at("draw-back").disabled = !on || !this.boxes.length;
  }

  // The words of the page have come: [[text, x0, y0, x1, y1, segment], ...].
  take(words) {
    this.words = words.map(([text, x0, y0, x1, y1, segment]) => ({ text, box: [x0, y0, x1, y1], segment }));
  }

  get boxes() {
    return [...this.rectangles, ...this.#runs()];
  }

  // Picked words that follow one another in a segment make one box.
  #runs() {
    const runs = [];
    let last = null;
    for (const index of [...this.picked].sort((a, b) => a - b)) {
      const isNext = last !== null && index === last + 1 && this.words[index].segment === this.words[last].segment;
      if (isNext) runs.at(-1).push(this.words[index].box);
      else runs.push([this.words[index].box]);
      last = index;
    }
    return runs.map(union);
  }

  #update() {
    const { boxes } = this;
    this.changed(boxes.length || this.subject.drawn ? boxes : null); // none left: the checks' own again
    this.at("draw-back").disabled = !boxes.length;
    this.#outline();
  }

  // ---------------------------------------------------------------- pointer

  begin(point, pointer) {
    this.from ??= { point, pointer };
  }

  move(point, pointer) {
    if (this.from?.pointer === pointer) this.#outline(boxAround(this.from.point, point));
  }

  end(point, pointer) {
    if (this.from?.pointer !== pointer) return;
    const box = boxAround(this.from.point, point);
    this.from = null;
    if (box[2] - box[0] < SMALLEST && box[3] - box[1] < SMALLEST) this.#click(point);
    else if (box[2] - box[0] >= 0.002 && box[3] - box[1] >= 0.002) this.#add(box);
    else this.#outline();
  }

  cancel() {
    this.from = null;
    this.#outline();
  }

  #add(box) {
    if (this.boxes.length >= MOST) return;
    this.rectangles.push(box.map((edge) => Math.round(edge * 1e5) / 1e5));
    this.#update();
  }

  // A click takes a rectangle away, or picks the word under it.
  #click(point) {
    const rectangle = this.rectangles.findLastIndex((box) => holds(box, point));
    const word = this.words.findIndex(({ box }) => holds(box, point));
    if (rectangle >= 0) this.rectangles.splice(rectangle, 1);
    else if (word >= 0) this.#pick(word);
    this.#update();
  }

  #pick(index) {
    if (this.picked.has(index)) this.picked.delete(index);
    else if (this.boxes.length < MOST) this.picked.add(index);
    this.cursor = index;
  }

  // Take the last one back: picked words first, then rectangles.
  back() {
    if (this.picked.size) this.picked.delete([...this.picked].at(-1));
    else this.rectangles.pop();
    this.#update();
  }

  // ---------------------------------------------------------------- keys

  #key(event) {
    if (!this.isOn || event.target !== this.viewer.frame) return;
    if (event.key in STEPS) this.#step(STEPS[event.key], event.shiftKey);
    else if (event.key === " " || event.key === "Enter") this.#toggle();
    else if (event.key === "Backspace" || event.key === "Delete") this.back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toggle() {
    if (this.cursor === null) return;
    this.#pick(this.cursor);
    this.#update();
  }

  // One word on in reading order; with Shift the words passed are picked.
  #step(by, picks) {
    if (!this.words.length) return;
    if (picks && this.cursor !== null) this.picked.add(this.cursor);
    const first = this.cursor ?? this.#firstWord();
    this.#go(this.cursor === null ? first : Math.min(Math.max(first + by, 0), this.words.length - 1));
    if (picks) {
      this.picked.add(this.cursor);
      this.#update();
    }
  }

  // One row down or up: to the word that stands nearest.
  row(by) {
    if (!this.words.length) return;
    if (this.cursor === null) {
      this.#go(this.#firstWord());
      return;
    }
    const centre = (word) => {
      const { x0, y0, x1, y1 } = turnedBox(word.box, this.viewer.view.turns);
      return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, height: y1 - y0 };
    };
    const here = centre(this.words[this.cursor]);
    const far = (word) => {
      const there = centre(word);
      const down = (there.y - here.y) * by;
      return down > 0.6 * here.height ? 4 * down + Math.abs(there.x - here.x) : Infinity;
    };
    const distances = this.words.map(far);
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest] < Infinity) this.#go(nearest);
  }

  // Where picking begins: at the evidence that is marked, else at the top.
  #firstWord() {
    const marked = this.viewer.boxes?.[0];
    const at = marked ? this.words.findIndex(({ box }) => holds(marked, { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 })) : 0;
    return Math.max(at, 0);
  }

  #go(index) {
    this.cursor = index;
    this.viewer.bring(this.words[index].box);
    this.says(this.words[index].text);
    this.#outline();
  }

  // The rectangle under the pointer, and the word under the keys.
  #outline(box = null) {
    const { marks } = this.viewer;
    const parts = [];
    if (box) parts.push(marks.rectangle(box, "pen"));
    if (this.cursor !== null) parts.push(marks.rectangle(this.words[this.cursor].box, "cursor", 0.002));
    marks.layers.drawing.replaceChildren(...parts);
  }
}
