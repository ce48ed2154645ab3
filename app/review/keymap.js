// Which key does what, for each reviewer as they like it; kept in the browser by the reviewer's name.

import { KEYS } from "./keys.js";
import { read, write } from "./storage.js";

const ALIASES = { "=": "zoomIn", _: "zoomOut", arrowdown: "nextPair", arrowup: "previousPair" };
const USUAL = new Map(KEYS.map(([key, action]) => [action, key]));

export class Keymap {
  constructor() {
    this.reviewer = "";
    this.own = {};
    this.capture = null; // takes the next key press instead of its action
    this.isPainted = false;
    this.#index();
  }

  load(reviewer) {
    this.reviewer = reviewer;
    const stored = read(this.#place, {});
    this.own = Object.fromEntries(Object.entries(stored).filter(([action]) => USUAL.has(action)));
    this.#index();
  }

  get #place() {
    return `manualqa:keys:${this.reviewer}`;
  }

  #index() {
    this.actions = new Map(Object.entries(ALIASES));
    for (const action of USUAL.keys()) this.actions.set(this.keyOf(action), action);
  }

  get isChanged() {
    return Object.keys(this.own).length > 0;
  }

  keyOf(action) {
    return this.own[action] ?? USUAL.get(action);
  }

  actionOf(key) {
    return this.actions.get(key.toLowerCase()) ?? null;
  }

  // The action that has this key already, if it is another one.
  clash(action, key) {
    return [...USUAL.keys()].find((other) => other !== action && this.keyOf(other) === key) ?? null;
  }

  // Give an action a key; whoever has it gets the action's present one.
  set(action, key) {
    const other = this.clash(action, key);
    const before = this.keyOf(action);
    this.own[action] = key;
    if (other) this.own[other] = before;
    for (const [name, own] of Object.entries(this.own)) if (own === USUAL.get(name)) delete this.own[name];
    this.#keep();
  }

  reset() {
    this.own = {};
    this.#keep();
  }

  #keep() {
    write(this.#place, this.isChanged ? this.own : null);
    this.#index();
  }

  label(action) {
    const key = this.keyOf(action);
    return key === "-" ? "−" : key.toUpperCase();
  }

  // Write the keys as they are on every button that shows its key; nothing to do while they are the usual ones.
  paint(root) {
    if (!this.isChanged && !this.isPainted) return;
    this.isPainted = true;
    for (const hint of root.querySelectorAll("kbd[data-key]")) hint.textContent = this.label(hint.dataset.key);
    for (const button of root.querySelectorAll("[data-do]")) {
      if (!USUAL.has(button.dataset.do)) continue;
      const label = this.label(button.dataset.do);
      const hint = button.querySelector(":scope > kbd");
      if (hint && hint.textContent.length === 1) hint.textContent = label;
      button.title = button.title.replace(/\(.\)$/, `(${label})`);
    }
  }
}
