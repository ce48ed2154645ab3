// What is marked on the scan: places of the evidence, the words of each token, other pairs' evidence, what one draws.
// Boxes are fractions of the upright page; the drawing's own units are the pixels of its image.

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["others", "places", "words", "drawing"]; // from the bottom up
const TIP_WIDTH = 290;

export class Marks {
  // `onPick(index)` hears over which token's mark the pointer is (null: none).
  constructor(frame, { onPick }) {
    Object.assign(this, { frame, onPick });
    this.svg = frame.querySelector("[data-marks]");
    this.tip = frame.querySelector("[data-tip]");
    this.layers = Object.fromEntries(LAYERS.map((name) => [name, document.createElementNS(SVG, "g")]));
    for (const name of LAYERS) this.svg.append(this.layers[name]);
    this.page = { width: 1, height: 1 };
  }

  size(page) {
    this.page = page;
    this.svg.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
  }

  // boxes: places of the evidence; tokens: [[text, found, box]] of the answer; drawn: a person marked the places.
  evidence(boxes, tokens, drawn = false) {
    const kind = drawn ? "place drawn" : "place";
    this.layers.places.replaceChildren(...boxes.map((box) => this.rectangle(box, kind, drawn ? 0 : 0.004, drawn ? 0 : 0.001)));
    this.said = tokens;
    const words = [];
    tokens.forEach(([, found, box], index) => {
      if (!found || !box) return;
      const word = this.rectangle(box, "word", 0.0015);
      word.dataset.token = index;
      word.onpointerenter = () => this.point(index);
      word.onpointerleave = () => this.point(null);
      words.push(word);
    });
    this.layers.words.replaceChildren(...words);
    this.tip.hidden = true;
  }

  // The page has no scan: what was marked on the last one is gone.
  clear() {
    this.evidence([], []);
    this.others([]);
  }

  // Other pairs of the page: [{id, boxes, text}]; a click on one of their places is heard by the viewer.
  others(pairs) {
    const places = pairs.flatMap(({ id, boxes, text }) =>
      boxes.map((box) => {
        const place = this.rectangle(box, "other", 0.001);
        place.dataset.pair = id;
        place.onpointerenter = () => this.#tell(text, place);
        place.onpointerleave = () => this.#tell(null);
        return place;
      }),
    );
    this.layers.others.replaceChildren(...places);
  }

  // Show one token's word, told beside it, and the token in the text; null shows none.
  point(index) {
    this.light(index);
    this.onPick(index);
  }

  light(index) {
    let lit = null;
    for (const word of this.layers.words.children) {
      const isIt = word.dataset.token === String(index);
      word.classList.toggle("lit", isIt);
      if (isIt) lit = word;
    }
    this.#tell(lit && `“${this.said[index][0]}” stands here`, lit);
  }

  #tell(text, mark) {
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    const at = mark.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    const above = at.top - frame.top - this.tip.offsetHeight - 6;
    const left = Math.min(Math.max(at.left - frame.left, 4), Math.max(frame.width - TIP_WIDTH, 4));
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above >= 4 ? above : Math.min(at.bottom - frame.top + 6, frame.height - 40)}px`;
  }

  // A rectangle for a box, larger by shares of the page: beside, and above and below (lines of text stand close).
  rectangle([x0, y0, x1, y1], kind, across = 0, down = across) {
    const { width, height } = this.page;
    const [pad, more] = [across, down].map((share) => share * Math.max(width, height));
    const rectangle = document.createElementNS(SVG, "rect");
    rectangle.setAttribute("class", kind);
    rectangle.setAttribute("x", x0 * width - pad);
    rectangle.setAttribute("y", y0 * height - more);
    rectangle.setAttribute("width", (x1 - x0) * width + 2 * pad);
    rectangle.setAttribute("height", (y1 - y0) * height + 2 * more);
    rectangle.setAttribute("rx", pad);
    return rectangle;
  }
}
