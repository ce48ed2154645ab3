// The form in which a reviewer mends a text or writes a new pair. It only ever writes to the fields when it begins.

import { element, wordDiff, wordsOf } from "./words.js";

const FIELDS = ["edit-question", "edit-answer"];
const AUTHORS = { model: "model", import: "imported", reviewer: "first" };
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// What is written where the model missed a pair: a subject like a pair, but of a page.
export const newSubject = (page) => ({
  id: `new:${page.id}`, page: page.id, isNew: true, rev: 0, question: "", answer: "", type: "factual", drawn: false,
});

export class Editor {
  // `typed({question, answer, type})` hears of every change.
  constructor(at, { typed }) {
    this.at = at;
    this.typed = typed;
    this.pair = null;
    for (const name of [...FIELDS, "edit-type"]) at(name).addEventListener("input", () => this.#changed());
  }

  get isOpen() {
    return this.pair !== null;
  }

  get isNew() {
    return Boolean(this.pair?.isNew);
  }

  // Whether what is being written belongs to the pair on the screen.
  isOf(pair) {
    if (!pair) return false;
    return this.isNew ? pair.page === this.pair.page : pair.id === this.pair.id && pair.rev === this.pair.rev;
  }

  get text() {
    const [question, answer, type] = [...FIELDS, "edit-type"].map((name) => this.at(name).value);
    return { question, answer, type };
  }

  get isChanged() {
    const { question, answer, type } = this.text;
    return question !== this.pair.question || answer !== this.pair.answer || type !== this.pair.type;
  }

  // The text as it first was: what the words' difference is shown against, and what can be restored.
  get #first() {
    return this.pair.original ?? this.pair;
  }

  begin(pair, types, draft) {
    this.pair = pair;
    const choices = types.includes(pair.type) ? types : [pair.type, ...types];
    this.at("edit-type").replaceChildren(...choices.map((type) => new Option(capital(wordsOf(type)), type)));
    const fresh = draft && draft.rev === pair.rev;
    this.#fill(fresh ? draft : pair);
    this.#notice(draft, fresh);
    this.#dress();
    this.#goTo(this.isNew ? "edit-question" : "edit-answer");
    this.#drawDiff();
  }

  #goTo(name) {
    const field = this.at(name);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // New pairs and edits share the form; what tells them apart is said in words.
  #dress() {
    const author = AUTHORS[this.#first.author ?? this.pair.author] ?? "first";
    this.at("card").classList.toggle("is-new", this.isNew);
    this.at("new-title").hidden = !this.isNew;
    this.at("start-from").hidden = !this.isNew;
    this.at("draw-row").hidden = this.at("scan").classList.contains("is-text");
    this.at("restore-text").hidden = this.isNew;
    this.at("restore-text").textContent = `Restore the ${author} text`;
    this.at("save-says").textContent = this.isNew ? "Add and approve" : "Save and approve";
    this.at("editing").hidden = false;
    this.at("reading").hidden = true;
  }

  // A draft of an older text is offered, never put in by itself.
  #notice(draft, fresh) {
    const place = this.at("draft-notice");
    place.hidden = !draft;
    if (!draft) return;
    if (fresh) {
      place.replaceChildren("Your unfinished text is back.");
      return;
    }
    const use = element("button", "", "Use my text");
    use.type = "button";
    use.onclick = () => this.fill(draft);
    place.replaceChildren("The text has changed since you began to edit it. ", use);
  }

  // Put a text into the fields, as if it had been typed.
  fill(text) {
    this.#fill(text);
    this.at("draft-notice").hidden = true;
    this.#changed();
    this.#goTo("edit-answer");
  }

  restoreText() {
    this.fill(this.#first);
  }

  #fill({ question, answer, type }) {
    this.at("edit-question").value = question;
    this.at("edit-answer").value = answer;
    this.at("edit-type").value = type ?? this.pair.type;
    this.#grow();
  }

  #changed() {
    this.#grow();
    this.#drawDiff();
    this.typed(this.text);
  }

  #grow() {
    for (const name of FIELDS) {
      const field = this.at(name);
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight + 2, 260)}px`;
    }
  }

  #drawDiff() {
    const now = this.text;
    const first = this.#first;
    const changed = this.isNew ? [] : ["question", "answer"].filter((name) => now[name] !== first[name]);
    const parts = changed.map((name) => {
      const line = element("span");
      line.append(element("i", "", `${capital(name)}: `), wordDiff(first[name], now[name]));
      return line;
    });
    this.at("diff").replaceChildren(...parts);
  }

  end() {
    this.pair = null;
    this.at("card").classList.remove("is-new");
    this.at("editing").hidden = true;
    this.at("reading").hidden = false;
  }
}
