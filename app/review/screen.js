// The review screen: keys and clicks become decisions of the session. Mounted by component.js.

import { Additions } from "./additions.js";
import { Surroundings } from "./context.js";
import { Desk } from "./desk.js";
import { DrawnEvidence } from "./drawing.js";
import { drawGuidelines } from "./guidelines.js";
import { HistoryPanel } from "./history.js";
import { KeyEditor } from "./keyeditor.js";
import { Keymap } from "./keymap.js";
import { listen } from "./keys.js";
import { Painter } from "./painter.js";
import { Reasons } from "./panels.js";
import { matchTheme, styles } from "./parts.js";
import { RegeneratePanel, drawComparison } from "./regenerate.js";
import { Session } from "./session.js";
import { splitter } from "./split.js";
import { keepName, keptName, read, tabId, write } from "./storage.js";

const DWELL_MS = 120;
const TOGGLES = new Set(["help", "history", "context", "guidelines"]); // the key that opens them closes them
const CHECK_PAUSE_MS = 250;
const DONE = {
  approve: "Approved",
  edit: "Edited and approved",
  reject: "Rejected",
  skip: "Skipped",
  flag: "Flagged",
  unflag: "Flag taken off",
};
const OF_THE_SCAN = ["evidence", "autoFrame", "others", "draw", "drawBack", "rotate", "zoomIn", "zoomOut", "fitPage", "fitWidth"];
const WHILE_EDITING = new Set(["save", "cancel", "restoreText", "startFrom", "forgetDrawn", ...OF_THE_SCAN]);
const IN_CONFLICT = new Set(["keepTheirs", "decideAgain", "cancel", "help", "rotate", "zoomIn", "zoomOut", "evidence"]);
const screens = new WeakMap();
let active = null; // the one screen that listens to keys and sends, should two be mounted for a moment
let session = null;
const keymap = new Keymap();

// Called at the first mount and with every new reply; gives the way to take the screen down.
export async function mount(component) {
  const parent = component.parentElement;
  const screen = screens.get(parent) ?? new Screen(parent, component.data);
  screens.set(parent, screen);
  screen.calls += 1;
  const call = screen.calls;
  await screen.ready;
  screen.receive(component);
  // Streamlit also runs the clean-up of a call that a newer one has overtaken; only the newest may end the screen.
  return () => call === screen.calls && screen.stop();
}

class Screen {
  constructor(parent, data) {
    this.calls = 0;
    this.parent = parent;
    this.overlay = null;
    this.ready = this.#build(data);
  }

  async #build(data) {
    const base = new URL(data.assets, document.baseURI).href;
    const markup = fetch(`${base}component.html`).then((answer) => answer.text());
    await styles(this.parent, [`${base}review.css`]);
    this.parent.append(document.createRange().createContextualFragment(await markup));
    this.root = this.parent.querySelector("[data-testid=review]");
    session ??= new Session({ workspace: data.workspace, tab: tabId(), changed: () => {} });
    this.painter = new Painter(this.root, session, {
      drawn: new DrawnEvidence(session),
      keymap,
      open: (id) => this.#open(id),
      typed: (text) => this.#typed(text),
      restore: (id) => this.restore(id),
    });
    this.at = this.painter.at;
    this.viewer = this.painter.viewer;
    this.editor = this.painter.editor;
    this.additions = new Additions({
      at: this.at,
      painter: this.painter,
      session,
      hint: (text) => this.#hint(text),
      isNamed: () => Boolean(session.reviewer) || this.rename(),
      typed: (text) => this.#typed(text),
      redraw: () => this.#changed("reply"),
    });
    this.historyPanel = new HistoryPanel(this.at, session);
    splitter(this.at("split"), this.at("columns"));
    this.reasons = new Reasons(this.at, { chosen: (choice) => this.#decide("reject", choice) });
    this.regeneratePanel = new RegeneratePanel(this.at, {
      send: (page, asked) => this.#regenerate(page, asked),
      correct: (page, corrections) => this.#correct(page, corrections),
    });
    this.surroundings = new Surroundings(this.at, { open: (id) => this.#leaveFor(id) });
    this.keyEditor = new KeyEditor(this.at, keymap);
    this.desk = new Desk({
      at: this.at,
      session,
      open: (id) => this.#open(id),
      overlay: (name, shown) => this.#overlay(name, shown),
      close: () => this.#closeAll(),
    });
    this.root.addEventListener("click", (event) => this.#clicked(event));
    this.at("name-form").addEventListener("submit", (event) => this.#named(event));
    this.at("editing").addEventListener("submit", (event) => event.preventDefault());
  }

  #listen() {
    this.leave = () => this.#leave();
    window.addEventListener("pagehide", this.leave);
    this.unlisten = listen((action, number) => this.act(action, number), keymap);
    this.unfollow = this.desk.listen();
    this.clock = setInterval(() => this.painter.saving(), 1000);
    session.changed = (what) => this.#changed(what);
  }

  receive({ data, setTriggerValue }) {
    this.data = data;
    matchTheme(this.root);
    if (this.started) {
      session.transport.send = setTriggerValue;
      session.transport.receive(data);
      return;
    }
    this.started = true;
    active?.stop();
    active = this;
    this.#listen();
    this.#follow(read("manualqa:follow", true));
    this.#showOthers(read("manualqa:others", false));
    session.setReviewer(data.identity || data.named || keptName());
    if (session.reviewer) keepName(session.reviewer);
    session.transport.start(setTriggerValue, data);
    keymap.load(session.reviewer);
    this.desk.greet();
    this.#changed(session.pair ? "pair" : "outbox");
    if (session.reviewer) this.at("scan").focus({ preventScroll: true });
    else this.#overlay("name", true);
  }

  stop() {
    screens.delete(this.parent);
    this.painter?.stop();
    this.root?.remove();
    if (active !== this) return;
    active = null;
    this.unlisten();
    window.removeEventListener("pagehide", this.leave);
    this.unfollow();
    clearInterval(this.clock);
    clearTimeout(this.checkSoon);
    session.transport.stop();
  }

  // The tab closes: its pages are free for the others at once.
  #leave() {
    const said = JSON.stringify({ reviewer: session.reviewer, tab: session.tab });
    navigator.sendBeacon(new URL("review-leave", document.baseURI), said);
  }

  #changed(what) {
    const { conflict } = session;
    if (conflict !== this.disputed && !this.editor.isOpen) {
      this.disputed = conflict;
      if (conflict) session.showDisputed();
    }
    const { pair } = session;
    if (this.editor.isOpen && !this.editor.isOf(pair)) this.#endEdit();
    if (what === "pair" && this.reasonsFor !== pair?.id) this.reasons.close();
    this.additions.follow();
    this.painter.draw(what);
    if (this.overlay === "history") this.historyPanel.update();
    if (this.overlay === "context") this.surroundings.draw(session.context);
    if (this.overlay === "guidelines") this.#drawGuidelines();
    if (this.compares) this.#drawComparison();
    this.desk.draw();
  }

  // ---------------------------------------------------------------- keys and clicks

  // Do what a key or button asks for; whether it was of use.
  act(action, number) {
    if (this.overlay) return this.#actOnOverlay(action, number);
    if (action === "digit") return this.#digit(number);
    if (this.additions.takes(action)) return true;
    if (this.editor.isOpen && !WHILE_EDITING.has(action)) return this.#hint("Finish the edit first.");
    if (session.conflict && !this.editor.isOpen && !IN_CONFLICT.has(action)) {
      return this.#hint(`Answer the question above first: ${keymap.label("keepTheirs")} or ${keymap.label("decideAgain")}.`);
    }
    const handler = ACTIONS[action];
    return handler ? handler(this) !== false : false;
  }

  #actOnOverlay(action, number) {
    const panel = this.regeneratePanel;
    const closes = action === "cancel" || (this.overlay === action && TOGGLES.has(action));
    if (action === "cancel" && this.overlay === "context" && this.surroundings.back()) return true;
    if (closes && (this.overlay !== "name" || session.reviewer)) this.#overlay(this.overlay, false);
    else if (this.overlay !== "regenerate") return true;
    else if (action === "digit") panel.choose(number);
    else if (action === "save") panel.submit();
    else if (action === "saveCorrections") panel.saveCorrections();
    return true;
  }

  #digit(number) {
    if (!this.reasons.isOpen) return false;
    this.reasons.choose(number);
    return true;
  }

  #clicked(event) {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    event.preventDefault();
    this.act(button.dataset.do);
  }

  // ---------------------------------------------------------------- deciding

  decide(verdict, { alsoDecided = false } = {}) {
    return this.#mayDecide(alsoDecided) && this.#decide(verdict);
  }

  // Approved with the evidence that the reviewer drew, it is an edit of the same text.
  approve() {
    const boxes = session.pair && this.additions.boxesOf(session.pair);
    if (!boxes) return this.decide("approve");
    const { question, answer, type } = session.pair;
    return this.#mayDecide() && this.#decide("edit", { question, answer, type, boxes });
  }

  // In a list of decided pairs S only leads on.
  skip() {
    const { pair, choosing } = session;
    if (!pair || !choosing.isList || (pair.status === "pending" && !pair.blind)) {
      return this.decide("skip", { alsoDecided: true });
    }
    return session.pass();
  }

  flag() {
    return this.decide(session.pair?.flagged ? "unflag" : "flag", { alsoDecided: true });
  }

  reject() {
    if (this.reasons.isOpen) return this.reasons.repeat();
    if (!this.#mayDecide()) return false;
    this.reasonsFor = session.current;
    return this.reasons.open();
  }

  edit() {
    return this.#mayDecide() && this.#edit(session.draft(session.pair));
  }

  #edit(draft) {
    this.reasons.close();
    this.editor.begin(session.pair, this.data.types, draft);
    this.painter.state();
  }

  save() {
    if (!this.editor.isOpen) return false;
    const { pair: subject, text } = this.editor;
    if (!text.question.trim() || !text.answer.trim()) return this.#hint("A question and an answer are needed.");
    const boxes = this.additions.boxesOf(subject);
    const given = boxes ? { ...text, boxes } : text;
    const changed = this.editor.isChanged || Boolean(boxes);
    session.keepDraft(subject, null);
    this.#endEdit();
    if (subject.isNew) this.#add(subject, given);
    else this.#decide(changed ? "edit" : "approve", changed ? given : {});
    return true;
  }

  #add(subject, text) {
    this.additions.forget(subject);
    session.add(session.page, text);
    this.painter.toast.show(`New pair added and approved · ${keymap.label("undo")} to undo`, "approve");
    this.#changed("pair");
  }

  cancel() {
    if (this.editor.isOpen) this.#endEdit();
    else if (this.reasons.isOpen) this.reasons.close();
    else return false;
    this.#changed("pair");
    return true;
  }

  newPair(from = null) {
    this.reasons.close();
    return this.additions.begin(this.data.types, from);
  }

  draw() {
    this.reasons.close();
    return this.additions.toggle();
  }

  // ---------------------------------------------------------------- undo, conflicts, history

  undo() {
    this.reasons.close();
    if (session.waitsForNewPair()) return this.#hint("A moment: the new pair is being stored.");
    const undone = session.undo();
    if (!undone) return this.#hint("There is nothing to take back in this visit.");
    this.additions.bringBack(undone.pair, undone.boxes);
    return this.painter.toast.show(`Taken back: ${DONE[undone.verdict].toLowerCase()}`);
  }

  change() {
    if (session.pair?.status === "set_aside") return this.restore(session.current);
    if (!session.isDecided || session.redeciding) return this.#hint("This pair is still to decide.");
    return session.allowChange();
  }

  history() {
    if (session.pair?.blind) return this.#hint("Hidden until you have given your opinion.");
    return this.historyPanel.ask() && this.#overlay("history", true);
  }

  // What stands round the pair; fetched at each look.
  context() {
    if (!session.pair) return false;
    session.askContext(session.current);
    this.surroundings.begin();
    return this.#overlay("context", true);
  }

  #leaveFor(pairId) {
    this.#overlay("context", false);
    this.#open(pairId);
  }

  guidelines() {
    session.transport.ask({ guidelines: true });
    this.#drawGuidelines();
    return this.#overlay("guidelines", true);
  }

  #drawGuidelines() {
    if (session.guidelines === null || this.guidelinesDrawn === session.guidelines) return;
    this.guidelinesDrawn = session.guidelines;
    drawGuidelines(this.at("guidelines-text"), session.guidelines);
  }

  decideAgain() {
    if (!session.conflict) return false;
    const mine = session.decideAgain();
    this.additions.bringBack(mine.pair, mine.boxes);
    if (mine.verdict === "edit") this.#edit({ rev: session.pair.rev, ...mine });
    return true;
  }

  keepTheirs() {
    return session.conflict ? session.keepTheirs() : false;
  }

  #mayDecide(alsoDecided = false) {
    const { pair } = session;
    if (!pair) return false;
    if (!session.reviewer) return this.rename();
    if (pair.awaited) return this.#hint("A moment: the text is being brought back.");
    const seenFor = performance.now() - this.painter.paintedAt;
    if (!(seenFor >= DWELL_MS)) return this.#hint("Too quick: look at the pair first.");
    if (alsoDecided || !session.isDecided || session.redeciding) return true;
    const isAside = pair.status === "set_aside";
    const key = keymap.label("change");
    return this.#hint(isAside ? `Set aside. Press ${key} to put it back.` : `Already decided. Press ${key} to change it.`);
  }

  #decide(verdict, details = {}) {
    const shown = Math.round(performance.now() - this.painter.paintedAt);
    if (details.boxes) this.additions.forget(session.pair);
    this.reasons.close();
    session.decide(verdict, { ...details, shown });
    this.painter.toast.show(`${DONE[verdict]} · ${keymap.label("undo")} to undo`, verdict);
    if (verdict === "flag" || verdict === "unflag") this.#changed("pair");
  }

  // ---------------------------------------------------------------- regeneration, restoring

  regenerate() {
    const { page } = session;
    if (!page) return false;
    if (!session.reviewer) return this.rename();
    if (session.regenerations.isActive(page.id)) return this.#hint("This page is being regenerated already.");
    this.reasons.close();
    this.regeneratePanel.begin(page, { ...this.data, turns: this.viewer.view.turns % 4 });
    return this.#overlay("regenerate", true);
  }

  #regenerate(page, asked) {
    this.#overlay("regenerate", false);
    session.regenerate(page, asked);
    this.painter.toast.show("Asked for. The page’s pairs stay until the new ones are there", "plain", 4000);
    this.#changed("reply");
  }

  #correct(page, corrections) {
    if (!Object.keys(corrections).length) return this.#hint("There is no correction to save.");
    this.#overlay("regenerate", false);
    session.correct(page, corrections);
    this.painter.toast.show("Corrections saved for everybody");
    return this.#changed("reply");
  }

  restore(pairId) {
    if (!session.reviewer) return this.rename();
    session.restore(pairId);
    return this.painter.toast.show("Restored: the pair waits for a decision");
  }

  // Old and new pairs of this page side by side; fetched first where this visit has not yet seen them.
  compare() {
    if (!session.page) return false;
    this.compares = session.page.id;
    if (!session.regenerations.comparisons.has(this.compares)) session.regenerations.compare(this.compares);
    return this.#drawComparison();
  }

  #drawComparison() {
    const comparison = session.regenerations.comparisons.get(this.compares);
    if (!comparison) return;
    this.compares = null;
    drawComparison(this.at, comparison, {
      open: (id) => {
        this.#overlay("compare", false);
        this.#open(id);
      },
      restore: (id) => {
        this.restore(id);
        for (const [old] of comparison.rows) if (old?.id === id) old.status = "pending";
        this.compare();
      },
    });
    if (this.overlay !== "compare") this.#overlay("compare", true);
  }

  dismissRegeneration() {
    session.regenerations.dismiss(session.page?.id);
    this.#changed("reply");
  }

  #endEdit() {
    clearTimeout(this.checkSoon);
    this.additions.drawing.stop();
    this.editor.end();
    session.checked = null;
    this.painter.drawn = null;
    this.at("scan").focus({ preventScroll: true });
    this.painter.state();
  }

  #typed({ question, answer, type }) {
    const { pair: subject } = this.editor;
    const text = { question, answer, type };
    clearTimeout(this.checkSoon);
    session.keepDraft(subject, text);
    if (question.trim() && answer.trim()) this.checkSoon = setTimeout(() => session.check(subject, text), CHECK_PAUSE_MS);
  }

  #hint(text) {
    this.painter.toast.show(text, "hint", 1400);
    return false;
  }

  // ---------------------------------------------------------------- moving

  #open(pairId) {
    if (this.editor.isOpen) this.#endEdit();
    session.open(pairId);
  }

  step(by) {
    return session.step(by) || this.#hint(by > 0 ? "This is the last pair." : "This is the first pair of this visit.");
  }

  turnPage() {
    return session.turnPage() || this.#hint("No other page waits.");
  }

  turnBack() {
    return session.turnBack() || this.#hint("This is the first page of this visit.");
  }

  nextSpot() {
    return this.viewer.nextSpot() || this.#hint("No place on the scan is known to support this answer.");
  }

  #follow(on) {
    this.viewer.autoFrame = on;
    this.at("auto-frame").setAttribute("aria-pressed", String(on));
  }

  follow() {
    this.#follow(!this.viewer.autoFrame);
    write("manualqa:follow", this.viewer.autoFrame);
    if (this.viewer.autoFrame) this.viewer.frameEvidence();
  }

  #showOthers(on) {
    this.painter.showsOthers = on;
    this.at("others-toggle").setAttribute("aria-pressed", String(on));
  }

  others() {
    this.#showOthers(!this.painter.showsOthers);
    write("manualqa:others", this.painter.showsOthers);
    this.painter.others();
  }

  lookAgain() {
    session.passedPages = [];
    session.greet(null);
  }

  // ---------------------------------------------------------------- name and help

  rename() {
    if (this.data.identity) return false;
    this.at("name").value = session.reviewer;
    this.#overlay("name", true);
    return false;
  }

  #named(event) {
    event.preventDefault();
    const name = this.at("name").value.replace(/\s+/g, " ").trim();
    if (!name) return;
    session.setReviewer(name);
    keymap.load(name);
    keepName(name);
    this.#overlay("name", false);
    session.greet(null);
    this.#changed("reply");
  }

  help() {
    this.keyEditor.draw();
    this.#overlay("help", true);
  }

  #closeAll() {
    if (this.overlay) this.#overlay(this.overlay, false);
    if (this.editor.isOpen) this.#endEdit();
  }

  #overlay(name, open) {
    this.overlay = open ? name : null;
    this.keyEditor.stop();
    keymap.paint(this.root);
    for (const each of this.root.querySelectorAll("[data-overlay]")) {
      each.hidden = each.dataset.overlay !== this.overlay;
    }
    this.at(open ? name : "scan").focus({ preventScroll: true });
  }
}

const ACTIONS = {
  approve: (screen) => screen.approve(),
  skip: (screen) => screen.skip(),
  reject: (screen) => screen.reject(),
  edit: (screen) => screen.edit(),
  save: (screen) => screen.save(),
  cancel: (screen) => screen.cancel(),
  undo: (screen) => screen.undo(),
  flag: (screen) => screen.flag(),
  change: (screen) => screen.change(),
  regenerate: (screen) => screen.regenerate(),
  compare: (screen) => screen.compare(),
  dismissRegeneration: (screen) => screen.dismissRegeneration(),
  keepTheirs: (screen) => screen.keepTheirs(),
  decideAgain: (screen) => screen.decideAgain(),
  newPair: (screen) => screen.newPair(),
  duplicate: (screen) => screen.newPair(session.pair),
  startFrom: (screen) => screen.additions.startFromShown(),
  history: (screen) => screen.history(),
  context: (screen) => screen.context(),
  guidelines: (screen) => screen.guidelines(),
  draw: (screen) => screen.draw(),
  drawBack: ({ additions: { drawing } }) => drawing.isOn && drawing.back(),
  forgetDrawn: (screen) => screen.additions.discard(),
  others: (screen) => screen.others(),
  restoreText: (screen) => screen.editor.restoreText(),
  nextPair: (screen) => screen.step(1),
  previousPair: (screen) => screen.step(-1),
  nextWaiting: () => session.nextWaiting(),
  nextPage: (screen) => screen.turnPage(),
  previousPage: (screen) => screen.turnBack(),
  evidence: (screen) => screen.nextSpot(),
  autoFrame: (screen) => screen.follow(),
  rotate: (screen) => screen.viewer.turn(),
  zoomIn: (screen) => screen.viewer.zoom(1.25),
  zoomOut: (screen) => screen.viewer.zoom(0.8),
  fitPage: (screen) => screen.viewer.fit("page"),
  fitWidth: (screen) => screen.viewer.fit("width"),
  choices: (screen) => (session.reviewer ? screen.desk.choices() : screen.rename()),
  search: (screen) => screen.desk.search(),
  everything: (screen) => screen.desk.everything(),
  showChanged: () => session.showChanged(),
  lookAgain: (screen) => screen.lookAgain(),
  rename: (screen) => screen.rename(),
  help: (screen) => screen.help(),
};
