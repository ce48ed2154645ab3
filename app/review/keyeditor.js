// The list of keys in the help panel, each to be changed by pressing another.

import { KEYS } from "./keys.js";
import { element } from "./words.js";

const FIXED = [
  ["1–9", "The reason of a rejection, while it is asked for"],
  ["Ctrl ⏎", "Save the edit and approve"],
  ["Esc", "Go back"],
];
const REFUSED = /^[1-9]$|^.{2,}$|^\s$/;

export class KeyEditor {
  constructor(at, keymap) {
    Object.assign(this, { at, keymap, asked: null, wanted: null });
    at("keys").addEventListener("click", (event) => this.#clicked(event));
    at("reset-keys").addEventListener("click", () => this.#reset());
  }

  draw(said = "") {
    const rows = KEYS.flatMap(([, action, meaning]) => {
      const key = element("button", "key");
      key.dataset.remap = action;
      const isAsked = action === this.asked;
      key.append(element("kbd", "", isAsked ? "…" : this.keymap.label(action)));
      key.setAttribute("aria-label", `Key for “${meaning}”: ${this.keymap.label(action)}. Press to change it`);
      key.setAttribute("aria-pressed", String(isAsked));
      const term = element("dt");
      term.append(key);
      return [term, element("dd", "", meaning)];
    });
    const fixed = FIXED.flatMap(([key, meaning]) => {
      const term = element("dt");
      term.append(element("kbd", "", key));
      return [term, element("dd", "", meaning)];
    });
    this.at("keys").replaceChildren(...rows, ...fixed);
    this.at("keys-says").textContent = said || "Click a key, then press the one you want. Kept in this browser, for your name.";
    this.at("reset-keys").disabled = !this.keymap.isChanged;
  }

  // Forget the question, and leave the keyboard to the screen.
  stop() {
    Object.assign(this, { asked: null, wanted: null });
    this.keymap.capture = null;
  }

  #clicked(event) {
    const button = event.target.closest("[data-remap]");
    if (!button) return;
    this.asked = button.dataset.remap;
    this.wanted = null;
    this.keymap.capture = (press) => this.#pressed(press);
    this.#redraw(`Press the key for “${meaningOf(this.asked)}”; Esc leaves it as it is.`);
  }

  #pressed(press) {
    if (["Shift", "Control", "Alt", "Meta"].includes(press.key)) return;
    const { asked, keymap } = this;
    const key = press.key.toLowerCase();
    if (press.key === "Escape") this.#done("");
    else if (press.ctrlKey || press.metaKey || press.altKey || REFUSED.test(key)) {
      this.#redraw(`That key cannot be used: take a letter, 0 or a sign. Esc leaves it as it is.`);
    } else if (keymap.clash(asked, key) && this.wanted !== key) {
      this.wanted = key;
      const taken = meaningOf(keymap.clash(asked, key));
      this.#redraw(`${key.toUpperCase()} is “${taken}”. Press it again to swap the two, or press another.`);
    } else {
      keymap.set(asked, key);
      this.#done(`${key.toUpperCase()} is now “${meaningOf(asked)}”.`);
    }
  }

  #done(said) {
    const { asked } = this;
    this.stop();
    this.#redraw(said, asked);
  }

  #redraw(said, focused = this.asked) {
    this.draw(said);
    this.at("keys").querySelector(`[data-remap="${focused}"]`)?.focus();
  }

  #reset() {
    this.keymap.reset();
    this.stop();
    this.draw("All keys are as they were.");
  }
}

const meaningOf = (action) => KEYS.find(([, name]) => name === action)[2];
