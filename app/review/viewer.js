// The scan: zoom at the pointer, drag, turn, fit, and the words that support the answer marked on it.
// All positions of boxes are fractions of the upright page; one matrix maps them to the screen.

import { distance, keptInFrame, median, middle, turnedBox, union, unturned } from "./geometry.js";
import { Marks } from "./marks.js";

const LARGEST_SCALE = 8;
const MARGIN = 12;
const LINE_PIXELS = 24;
const CONTEXT = 0.06;
const POOL = 8;
const CLICK_PIXELS = 4;
const CONTROLS = "button, [data-drawing-bar], [data-tools]";

export class Viewer {
  // `onPick(token)` hears over which token's mark the pointer is (null: none), `onOpen(pairId)` of a click on the
  // evidence of another pair.
  constructor(frame, { onPick, onOpen }) {
    this.frame = frame;
    this.onOpen = onOpen;
    this.pen = null; // takes the pointer while evidence is being drawn
    this.stage = frame.querySelector("[data-stage]");
    this.marks = new Marks(frame, { onPick });
    this.problem = frame.querySelector("[data-image-problem]");
    this.images = new Map();
    this.views = new Map();
    this.page = null;
    this.autoFrame = true;
    this.view = { scale: 1, x: 0, y: 0, turns: 0, fit: "page" };
    this.#listen();
  }

  // ---------------------------------------------------------------- what is shown

  show(page) {
    if (this.page && this.page.id === page.id && this.page.scan === page.scan) return false;
    if (this.page) this.views.set(this.page.id, this.view);
    this.page = page;
    const image = this.#image(page);
    this.stage.querySelector("img")?.remove();
    this.stage.prepend(image);
    this.problem.hidden = !image.failed;
    const kept = this.views.get(page.id);
    this.view = kept ?? { scale: 1, x: 0, y: 0, turns: page.rotation % 4, fit: "page" };
    this.#size();
    if (!kept) this.fit("page");
    else this.#draw();
    return true;
  }

  preload(pages) {
    for (const page of pages) if (page?.scan) this.#image(page);
  }

  #image(page) {
    const known = this.images.get(page.id);
    if (known && known.address === page.scan) return known;
    const image = new Image();
    image.address = page.scan;
    image.alt = "";
    image.draggable = false;
    image.dataset.page = page.id;
    image.onerror = () => {
      image.failed = true;
      if (this.page?.id === page.id) this.problem.hidden = false;
    };
    image.src = page.scan;
    image.decode().catch(() => {}); // a failure to decode is reported by onerror
    this.images.set(page.id, image);
    if (this.images.size > POOL) this.images.delete(this.images.keys().next().value);
    return image;
  }

  #size() {
    const { width, height } = this.page;
    this.marks.size(this.page);
    for (const element of [this.stage, this.stage.querySelector("img"), this.marks.svg]) {
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
    }
  }

  // boxes: places of the evidence; tokens: [[text, found, box]] of the answer; drawn: a person marked the places.
  mark(boxes, tokens, drawn = false) {
    this.boxes = boxes;
    const lines = [...tokens.map((token) => token[2]).filter(Boolean), ...(drawn ? [] : boxes)];
    this.lineHeight = median(lines.map((box) => box[3] - box[1]));
    this.marks.evidence(boxes, tokens, drawn);
    this.spot = -1;
  }

  // ---------------------------------------------------------------- where it is shown

  get #frameSize() {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  get #turned() {
    const { width, height } = this.page;
    return this.view.turns % 2 ? { width: height, height: width } : { width, height };
  }

  fit(kind) {
    if (!this.page?.scan) return;
    const frame = this.#frameSize;
    const page = this.#turned;
    const across = (frame.width - 2 * MARGIN) / page.width;
    const down = (frame.height - 2 * MARGIN) / page.height;
    this.view.fit = kind;
    this.view.scale = kind === "width" ? across : Math.min(across, down);
    this.view.x = (frame.width - page.width * this.view.scale) / 2;
    this.view.y = kind === "width" ? MARGIN : (frame.height - page.height * this.view.scale) / 2;
    this.#draw();
  }

  zoom(factor, at = null) {
    const frame = this.#frameSize;
    const point = at ?? { x: frame.width / 2, y: frame.height / 2 };
    const smallest = 0.5 * Math.min(frame.width / this.#turned.width, frame.height / this.#turned.height);
    const scale = Math.min(Math.max(this.view.scale * factor, smallest), LARGEST_SCALE);
    const ratio = scale / this.view.scale;
    this.#move(scale, point.x - (point.x - this.view.x) * ratio, point.y - (point.y - this.view.y) * ratio);
  }

  turn() {
    this.view.turns = (this.view.turns + 1) % 4;
    this.fit("page");
  }

  #move(scale, x, y) {
    Object.assign(this.view, { scale, x, y, fit: "free" });
    this.#draw();
  }

  // Bring the evidence into sight; a view in which it can already be read stays as it is.
  frameEvidence(evenIfVisible = false) {
    if (!this.boxes?.length || !this.page?.scan) return;
    const box = union(this.boxes);
    if (!evenIfVisible && this.#isReadable(box)) return;
    this.#centre(box);
  }

  // The places of the evidence one after the other, then the whole page.
  nextSpot() {
    if (!this.boxes?.length) return false;
    this.spot = this.spot + 1 > this.boxes.length ? 0 : this.spot + 1;
    if (this.spot === this.boxes.length) this.fit("page");
    else this.#centre(this.boxes[this.spot]);
    return true;
  }

  // Bring one box into sight unless it is.
  bring(box) {
    if (box && this.page?.scan && !this.#isReadable(box)) this.#centre(box);
  }

  #isReadable(box) {
    const frame = this.#frameSize;
    const shown = this.#onScreen(box);
    const [across, down] = [CONTEXT * frame.width, CONTEXT * frame.height]; // its neighbours are in sight too
    const isAcross = shown.x0 >= across && shown.x1 <= frame.width - across;
    const inside = isAcross && shown.y0 >= down && shown.y1 <= frame.height - down;
    const line = (this.lineHeight ?? 0.02) * this.page.height * this.view.scale;
    return inside && line >= 0.75 * LINE_PIXELS;
  }

  // Magnified until its words are easy to read and the place still has its surroundings.
  #centre(box) {
    const frame = this.#frameSize;
    const page = this.#turned;
    const turned = turnedBox(box, this.view.turns);
    const across = (frame.width - 2 * MARGIN) / page.width;
    const readable = LINE_PIXELS / Math.max((this.lineHeight ?? 0.02) * this.page.height, 1);
    const widest = (0.86 * frame.width) / Math.max((turned.x1 - turned.x0) * page.width, 1);
    const tallest = (0.8 * frame.height) / Math.max((turned.y1 - turned.y0) * page.height, 1);
    const whole = Math.min(across, (frame.height - 2 * MARGIN) / page.height);
    const wanted = Math.min(Math.max(readable, 0.85 * across), 1.5 * across);
    const scale = Math.max(Math.min(widest, tallest, wanted), whole);
    const x = frame.width / 2 - ((turned.x0 + turned.x1) / 2) * page.width * scale;
    const y = frame.height / 2 - ((turned.y0 + turned.y1) / 2) * page.height * scale;
    const left = keptInFrame(x, page.width * scale, frame.width, MARGIN);
    this.#move(scale, left, keptInFrame(y, page.height * scale, frame.height, MARGIN));
  }

  #onScreen(box) {
    const page = this.#turned;
    const t = turnedBox(box, this.view.turns);
    const { scale, x, y } = this.view;
    return {
      x0: x + t.x0 * page.width * scale,
      y0: y + t.y0 * page.height * scale,
      x1: x + t.x1 * page.width * scale,
      y1: y + t.y1 * page.height * scale,
    };
  }

  // The place of a pointer on the page, as fractions of the upright page.
  onPage(event) {
    const { x, y } = this.#place(event);
    const page = this.#turned;
    const across = (x - this.view.x) / (page.width * this.view.scale);
    return unturned(across, (y - this.view.y) / (page.height * this.view.scale), this.view.turns);
  }

  #draw() {
    const { scale, x, y, turns } = this.view;
    const page = this.#turned;
    const shift = [
      [0, 0],
      [page.width * scale, 0],
      [page.width * scale, page.height * scale],
      [0, page.height * scale],
    ][turns];
    const move = `translate(${x + shift[0]}px, ${y + shift[1]}px)`;
    this.stage.style.transform = `${move} rotate(${turns * 90}deg) scale(${scale})`;
    this.frame.dataset.zoom = scale.toFixed(3);
    this.frame.dataset.turns = turns;
  }

  // ---------------------------------------------------------------- pointer

  #listen() {
    this.frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.frame.addEventListener("pointerdown", (event) => this.#grab(event));
    this.frame.addEventListener("pointermove", (event) => this.#drag(event));
    this.frame.addEventListener("pointerup", (event) => this.#release(event));
    this.frame.addEventListener("pointercancel", (event) => this.#cancel(event));
    this.frame.addEventListener("dblclick", () => !this.pen && this.page?.scan && this.frameEvidence(true));
    this.pointers = new Map();
    this.resized = new ResizeObserver(() => this.#refit());
    this.resized.observe(this.frame);
  }

  stop() {
    this.resized.disconnect();
  }

  #refit() {
    if (!this.page?.scan || !this.frame.clientWidth) return;
    if (this.view.fit === "free") this.frameEvidence();
    else this.fit(this.view.fit);
  }

  #wheel(event) {
    if (!this.page?.scan) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    this.zoom(Math.exp(-event.deltaY * lines * 0.0016), this.#place(event));
  }

  #place(event) {
    const frame = this.frame.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  #grab(event) {
    if (!this.page?.scan || event.button !== 0 || event.target.closest(CONTROLS)) return;
    this.frame.setPointerCapture(event.pointerId);
    if (this.pen) {
      this.pen.begin(this.onPage(event), event.pointerId);
      return;
    }
    this.pressed = this.#place(event);
    this.pointers.set(event.pointerId, this.#place(event));
  }

  #release(event) {
    if (this.pen) this.pen.end(this.onPage(event), event.pointerId);
    if (!this.pointers.delete(event.pointerId) || distance(this.pressed, this.#place(event)) > CLICK_PIXELS) return;
    const hit = this.frame.getRootNode().elementFromPoint(event.clientX, event.clientY);
    const pair = hit?.closest("[data-pair]")?.dataset.pair;
    if (pair && this.frame.contains(hit)) this.onOpen(pair);
  }

  #cancel(event) {
    this.pen?.cancel();
    this.pointers.delete(event.pointerId);
  }

  #drag(event) {
    if (this.pen) this.pen.move(this.onPage(event), event.pointerId);
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.zoom(distance(now, other) / Math.max(distance(before, other), 1), middle(now, other));
    else this.#move(this.view.scale, this.view.x + now.x - before.x, this.view.y + now.y - before.y);
    this.pointers.set(event.pointerId, now);
  }
}
