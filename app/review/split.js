// The bar between scan and card: drag it, or move it with the arrow keys; the browser remembers where it stood.

import { read, write } from "./storage.js";

const KEY = "manualqa:split";
const [LEAST, USUAL, MOST] = [30, 60, 78];
const STEP = 2;

export function splitter(bar, columns) {
  let share = Number(read(KEY, USUAL)) || USUAL;
  const set = (wanted) => {
    share = Math.round(Math.min(Math.max(wanted, LEAST), MOST) * 10) / 10;
    columns.style.setProperty("--split", `${share}fr`);
    columns.style.setProperty("--rest", `${100 - share}fr`);
    bar.setAttribute("aria-valuenow", Math.round(share));
  };
  const keep = () => write(KEY, share);
  bar.setAttribute("aria-valuemin", LEAST);
  bar.setAttribute("aria-valuemax", MOST);
  set(share);
  bar.onpointerdown = (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    bar.onpointermove = ({ clientX }) => {
      const { left, width } = columns.getBoundingClientRect();
      set((100 * (clientX - left)) / width);
    };
  };
  bar.onpointerup = bar.onpointercancel = () => {
    bar.onpointermove = null;
    keep();
  };
  bar.ondblclick = () => {
    set(USUAL);
    keep();
  };
  bar.onkeydown = (event) => {
    const wanted = { ArrowLeft: share - STEP, ArrowRight: share + STEP, Home: LEAST, End: MOST }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    set(wanted);
    keep();
  };
}
