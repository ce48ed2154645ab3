// The review screen: binds session, viewer, card and keys together. Mounted by component.js; its functions draw
// what the session says and turn keys and clicks into decisions.

import { Card, Editor } from "./card.js";
import { listen } from "./keys.js";
import { Reasons, Toast, drawConflict, drawEmpty, drawKeys, drawSaving } from "./panels.js";
import { Session, newId } from "./session.js";
import { drawSheet } from "./sheet.js";
import { read, write } from "./storage.js";
import { Viewer } from "./viewer.js";

const DWELL_MS = 120;
const CHECK_PAUSE_MS = 250;
const DONE = {
  approve: "Approved",
  edit: "Edited and approved",
  reject: "Rejected",
  skip: "Skipped",
  flag: "Flagged",
  unflag: "Flag taken off",
};
const REFUSED = {
  unknown_pair: "There is no such pair.",
  nothing_to_undo: "Nothing of yours to take back on that pair.",
  reviewer_missing: "Give your name first.",
};
const screens = new WeakMap();
let session = null;

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
    this.base = new URL(data.assets, document.baseURI).href;
    this.ready = this.#build(data);
  }

  async #build(data) {
    const [markup] = await Promise.all([fetch(this.base + "component.html").then((it) => it.text()), this.#styles()]);
    this.parent.append(document.createRange().createContextualFragment(markup));
    this.root = this.parent.querySelector("[data-testid=review]");
    this.at = (name) => this.root.querySelector(`[data-${name}]`);
    session ??= new Session({ workspace: data.workspace, tab: tabId(), changed: () => {} });
    session.changed = (what) => this.#changed(what);
    this.toast = new Toast(this.at("toast"));
    this.viewer = new Viewer(this.at("scan"), { onPick: (index) => this.card.light(index) });
    this.card = new Card(this.at, { open: (id) => this.#open(id), point: (index) => this.viewer.light(index) });
    this.editor = new Editor(this.at, { typed: (text) => this.#typed(text) });
    this.reasons = new Reasons(this.at, { chosen: (choice) => this.#decide("reject", choice) });
    drawKeys(this.at("keys"));
    this.root.addEventListener("click", (event) => this.#clicked(event));
    this.at("name-form").addEventListener("submit", (event) => this.#named(event));
    this.at("editing").addEventListener("submit", (event) => event.preventDefault());
    this.unlisten = listen((action, number) => this.act(action, number));
    this.clock = setInterval(() => this.#drawSaving(), 1000);
  }

  #styles() {
    return new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = this.base + "component.css";
      link.onload = link.onerror = resolve;
      this.parent.append(link);
    });
  }

  receive({ data, setTriggerValue }) {
    this.data = data;
    this.#theme();
    if (this.started) {
      session.transport.send = setTriggerValue;
      session.transport.receive(data);
      return;
    }
    this.started = true;
    this.viewer.autoFrame = read("manualqa:follow", true);
    this.at("auto-frame").setAttribute("aria-pressed", String(this.viewer.autoFrame));
    session.setReviewer(data.identity || data.named || readName());
    if (session.reviewer) keepName(session.reviewer);
    session.transport.start(setTriggerValue);
    session.transport.session = data.session;
    const asked = new URL(location.href).searchParams.get("pair");
    session.greet(asked && asked !== session.current ? asked : null);
    if (session.pair) this.#changed("pair");
    this.#changed("outbox");
    if (!session.reviewer) this.#overlay("name", true);
    else if (!this.root.contains(this.root.getRootNode().activeElement)) this.at("scan").focus({ preventScroll: true });
  }

  stop() {
    this.unlisten?.();
    clearInterval(this.clock);
    session?.transport.stop();
    this.viewer?.stop();
    screens.delete(this.parent);
  }

  #theme() {
    const paper = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim();
    this.root.dataset.theme = luminance(paper) < 0.5 ? "dark" : "light";
  }

  // ---------------------------------------------------------------- keys and clicks

  act(action, number) {
    if (this.overlay) return this.#actOnOverlay(action);
    if (action === "digit") return this.#digit(number);
    if (this.editor.isOpen && !["save", "cancel"].includes(action)) return this.#hint("Finish the edit first.");
    if (session.conflict && !this.editor.isOpen && FREE_IN_CONFLICT.has(action) === false) {
      return this.#hint("Answer the question above first.");
    }
    const handler = ACTIONS[action];
    return handler ? handler(this) !== false : false;
  }

  #actOnOverlay(action) {
    if (this.overlay === "help" && (action === "help" || action === "cancel")) this.#overlay("help", false);
    else if (this.overlay === "name" && action === "cancel" && session.reviewer) this.#overlay("name", false);
    return true;
  }

  #digit(number) {
    if (!this.reasons.isOpen) return false;
    this.reasons.choose(number);
    return true;
  }

  #clicked(event) {
    const button = event.target.closest("[data-do]");
    if (!button || !this.root.contains(button)) return;
    event.preventDefault();
    const name = button.dataset.do;
    if (name === "help") this.#overlay("help", this.overlay !== "help");
    else if (name === "rename") this.#rename();
    else this.act(name);
  }

  // ---------------------------------------------------------------- deciding

  approve() {
    if (this.#mayDecide()) this.#decide("approve");
  }

  reject() {
    if (this.reasons.isOpen) this.reasons.repeat();
    else if (this.#mayDecide()) this.reasons.open();
    this.#state();
  }

  skip() {
    if (this.#mayDecide({ alsoDecided: true })) this.#decide("skip");
  }

  flag() {
    if (this.#mayDecide({ alsoDecided: true })) this.#decide(session.pair.flagged ? "unflag" : "flag");
  }

  edit() {
    if (!this.#mayDecide()) return;
    this.#edit(session.draft(session.pair));
  }

  #edit(draft) {
    this.reasons.close();
    this.editor.begin(session.pair, this.data.types, draft);
    this.#state();
  }

  save() {
    if (!this.editor.isOpen) return false;
    const { question, answer, type } = this.editor.text;
    if (!question.trim() || !answer.trim()) return this.#hint("A question and an answer are needed.");
    const changed = this.editor.isChanged;
    session.keepDraft(this.editor.pair, null);
    this.#endEdit();
    this.#decide(changed ? "edit" : "approve", changed ? { question, answer, type } : {});
    return true;
  }

  cancel() {
    if (this.editor.isOpen) this.#endEdit();
    else if (this.reasons.isOpen) this.reasons.close();
    else return false;
    this.#changed("pair");
    return true;
  }

  undo() {
    this.reasons.close();
    const undone = session.undo();
    if (undone) this.toast.show(`Taken back: ${DONE[undone.verdict].toLowerCase()}`);
    else this.#hint("There is nothing to take back in this visit.");
  }

  change() {
    if (session.isDecided && !session.redeciding) session.allowChange();
    else this.#hint("This pair is still to decide.");
  }

  decideAgain() {
    if (!session.conflict) return;
    const mine = session.decideAgain();
    if (mine.verdict === "edit") this.#edit({ rev: session.pair.rev, ...mine });
  }

  keepTheirs() {
    if (session.conflict) session.keepTheirs();
  }

  #mayDecide({ alsoDecided = false } = {}) {
    if (!session.pair) return false;
    if (!session.reviewer) return this.#rename();
    if (session.pair.awaited) return this.#hint("A moment: the text is being brought back.");
    if (!(performance.now() - this.paintedAt >= DWELL_MS)) return this.#hint("Too quick: look at the pair first.");
    if (alsoDecided || !session.isDecided || session.redeciding) return true;
    return this.#hint("Already decided. Press C to change it.");
  }

  #decide(verdict, details = {}) {
    const shown = Math.round(performance.now() - this.paintedAt);
    session.decide(verdict, { ...details, shown });
    this.reasons.close();
    this.toast.show(`${DONE[verdict]} · U to undo`, verdict);
    this.#state();
    if (verdict === "flag" || verdict === "unflag") this.#changed("pair");
  }

  #endEdit() {
    clearTimeout(this.checkSoon);
    this.editor.end();
    this.at("scan").focus({ preventScroll: true });
    this.#state();
  }

  #typed({ question, answer, type }) {
    clearTimeout(this.checkSoon);
    session.keepDraft(this.editor.pair, { question, answer, type });
    this.checkSoon = setTimeout(() => session.check(question, answer, type), CHECK_PAUSE_MS);
  }

  #hint(text) {
    this.toast.show(text, "hint", 1400);
    return false;
  }

  // ---------------------------------------------------------------- moving

  #open(pairId) {
    if (this.editor.isOpen) this.#endEdit();
    this.reasons.close();
    session.open(pairId);
  }

  step(by) {
    if (!session.step(by)) this.#hint(by > 0 ? "This is the last pair." : "This is the first pair of this visit.");
  }

  turnBack() {
    if (!session.turnBack()) this.#hint("This is the first page of this visit.");
  }

  autoFrame() {
    this.viewer.autoFrame = !this.viewer.autoFrame;
    write("manualqa:follow", this.viewer.autoFrame);
    this.at("auto-frame").setAttribute("aria-pressed", String(this.viewer.autoFrame));
    if (this.viewer.autoFrame) this.viewer.frameEvidence();
  }

  nextSpot() {
    if (!this.viewer.nextSpot()) this.#hint("No place on the scan is known to support this answer.");
  }

  lookAgain() {
    session.passedPages = [];
    session.greet(null);
  }

  // ---------------------------------------------------------------- drawing

  #changed(what) {
    if (what === "pair" || what === "conflict") this.#drawPair();
    if (what === "reply" && this.editor.isOpen) this.#drawCheck();
    this.#drawConflict();
    this.#drawProgress();
    this.#drawRefusals();
    this.#drawSaving();
    this.#state();
  }

  #drawPair() {
    const { pair, page } = session;
    if (!pair || !page) this.drawn = null;
    if (!pair || !page) return;
    if (this.editor.isOpen && (this.editor.pair.id !== pair.id || this.editor.pair.rev !== pair.rev)) this.#endEdit();
    if (this.drawn !== `${pair.id}@${pair.rev}`) this.#newPair(pair, page);
    this.card.draw(pair, page, session);
    if (this.editor.isOpen) this.#drawCheck();
    session.checked = this.editor.isOpen ? session.checked : null;
  }

  #newPair(pair, page) {
    this.drawn = `${pair.id}@${pair.rev}`;
    this.reasons.close();
    this.at("scan").classList.toggle("is-text", !page.scan);
    this.at("sheet").hidden = Boolean(page.scan);
    this.at("stage").hidden = !page.scan;
    if (page.scan) {
      this.viewer.show(page);
      this.viewer.mark(pair.evidence.boxes, pair.evidence.tokens);
      if (this.viewer.autoFrame) this.viewer.frameEvidence();
    } else {
      drawSheet(this.at("sheet"), page, pair.evidence.quote);
    }
    this.#crumbs(page);
    this.#address(pair.id);
    this.at("announce").textContent = pair.question;
    this.#painted();
    this.viewer.preload(session.queue.slice(0, 12).map((id) => session.pageOf(id)));
  }

  // The press counts from the second frame on: only then has the pair certainly been on the screen.
  #painted() {
    this.paintedAt = undefined;
    const drawn = this.drawn;
    const isStill = () => this.drawn === drawn;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (isStill()) this.paintedAt = performance.now();
      }),
    );
  }

  #crumbs(page) {
    const parts = [page.manual, page.section, page.title || page.source].filter(Boolean);
    const crumbs = parts.map((text) => {
      const crumb = document.createElement("span");
      crumb.textContent = text;
      crumb.title = page.source + (page.number ? `, page ${page.number}` : "");
      return crumb;
    });
    if (page.printed) crumbs.push(Object.assign(document.createElement("em"), { textContent: `p. ${page.printed}` }));
    this.at("crumbs").replaceChildren(...crumbs);
  }

  #address(pairId) {
    const address = new URL(location.href);
    address.searchParams.delete("reviewer");
    if (address.searchParams.get("pair") === pairId && address.href === location.href) return;
    address.searchParams.set("pair", pairId);
    history.replaceState(history.state, "", address);
  }

  #drawCheck() {
    const checked = session.checked;
    if (!checked || checked.pair !== session.current) return;
    this.card.evidence(checked.evidence, checked.flags);
    if (session.page.scan) this.viewer.mark(checked.evidence.boxes, checked.evidence.tokens);
  }

  #drawConflict() {
    if (this.editor.isOpen) return;
    drawConflict(this.at("conflict"), session.conflict);
  }

  #drawProgress() {
    const counts = session.counts;
    this.at("who").textContent = session.reviewer ? `${session.reviewer}` : "No name yet";
    if (!counts) return;
    const decided = counts.approved + counts.rejected;
    const all = decided + counts.pending;
    const bar = this.at("bar");
    bar.firstElementChild.style.width = `${all ? (100 * decided) / all : 0}%`;
    bar.setAttribute("aria-valuemax", all);
    bar.setAttribute("aria-valuenow", decided);
    this.at("progress").textContent = `${decided.toLocaleString("en")} of ${all.toLocaleString("en")} decided`;
    const recent = session.pressed.filter((at) => Date.now() - at < 300000);
    const minutes = Math.max((Date.now() - (recent[0] ?? Date.now())) / 60000, 0.5);
    const pace = recent.length > 4 ? ` · ${Math.round(recent.length / minutes)} a minute` : "";
    this.at("pace").textContent = session.pressed.length ? `${session.pressed.length} in this visit${pace}` : "";
  }

  #drawRefusals() {
    for (const { why, message, pair } of session.refusals.splice(0)) {
      this.toast.show(`${REFUSED[why] ?? message ?? why} (${pair})`, "hint", 6000);
    }
  }

  #drawSaving() {
    drawSaving(this.at("saving"), session.transport, session.outbox.size, () => location.reload());
  }

  #state() {
    const { pair } = session;
    const isEmpty = !pair && session.loaded;
    const late = session.transport.isLate;
    const state = this.editor.isOpen ? "editing" : session.conflict ? "conflict" : late ? "offline" : null;
    const rest = isEmpty ? "empty" : pair ? "ready" : null;
    const set = (name, value) => (value === null ? delete this.root.dataset[name] : (this.root.dataset[name] = value));
    set("state", state ?? rest);
    set("pairId", pair ? pair.id : null);
    set("revision", pair ? pair.rev : null);
    set("saved", session.saved);
    set("unsaved", session.outbox.size);
    this.at("columns").hidden = isEmpty && !session.conflict;
    this.at("empty").hidden = !isEmpty;
    this.at("columns").classList.toggle("is-loading", !pair);
    this.at("actions").hidden = this.editor.isOpen;
    this.at("edit-actions").hidden = !this.editor.isOpen;
    this.at("undo").disabled = !session.done.length;
    if (isEmpty) this.#drawEmpty(late);
  }

  #drawEmpty(late) {
    const place = this.at("empty");
    const facts = JSON.stringify([session.outbox.size, late, session.counts]);
    if (place.dataset.facts === facts) return;
    place.dataset.facts = facts;
    drawEmpty(place, { waiting: session.outbox.size, late, counts: session.counts, home: document.baseURI });
  }

  // ---------------------------------------------------------------- name and help

  #rename() {
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
    keepName(name);
    this.#overlay("name", false);
    session.greet(null);
    this.#changed("reply");
  }

  help() {
    this.#overlay("help", true);
  }

  #overlay(name, open) {
    this.overlay = open ? name : null;
    for (const each of this.root.querySelectorAll("[data-overlay]")) each.hidden = each.dataset.overlay !== this.overlay;
    if (open) this.at(name).focus();
    else this.at("scan").focus({ preventScroll: true });
  }
}

const FREE_IN_CONFLICT = new Set(["keepTheirs", "decideAgain", "cancel", "help", "save", "rotate", "zoomIn", "zoomOut", "evidence"]);
const ACTIONS = {
  approve: (screen) => screen.approve(),
  reject: (screen) => screen.reject(),
  edit: (screen) => screen.edit(),
  save: (screen) => screen.save(),
  cancel: (screen) => screen.cancel(),
  skip: (screen) => screen.skip(),
  undo: (screen) => screen.undo(),
  flag: (screen) => screen.flag(),
  change: (screen) => screen.change(),
  keepTheirs: (screen) => screen.keepTheirs(),
  decideAgain: (screen) => screen.decideAgain(),
  restoreText: (screen) => screen.editor.restoreText(),
  nextPair: (screen) => screen.step(1),
  previousPair: (screen) => screen.step(-1),
  nextPage: () => session.turnPage(),
  previousPage: (screen) => screen.turnBack(),
  evidence: (screen) => screen.nextSpot(),
  autoFrame: (screen) => screen.autoFrame(),
  rotate: (screen) => screen.viewer.turn(),
  zoomIn: (screen) => screen.viewer.zoom(1.25),
  zoomOut: (screen) => screen.viewer.zoom(0.8),
  fitPage: (screen) => screen.viewer.fit("page"),
  fitWidth: (screen) => screen.viewer.fit("width"),
  lookAgain: (screen) => screen.lookAgain(),
  help: (screen) => screen.help(),
};

// A reload keeps its tab's name (and so its leases); a copied tab must not, so the name is only stored on leaving.
function tabId() {
  const key = "manualqa:tab";
  const id = sessionStorage.getItem(key) ?? newId();
  sessionStorage.removeItem(key);
  window.addEventListener("pagehide", () => sessionStorage.setItem(key, id));
  window.addEventListener("pageshow", () => sessionStorage.removeItem(key));
  return id;
}

function readName() {
  return sessionStorage.getItem("manualqa:reviewer") ?? read("manualqa:reviewer", "");
}

function keepName(name) {
  sessionStorage.setItem("manualqa:reviewer", name);
  write("manualqa:reviewer", name);
  document.cookie = `manualqa_reviewer=${encodeURIComponent(name)}; path=/; max-age=31536000; samesite=strict`;
}

function luminance(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour || "#fff";
  const [r, g, b] = canvas.fillStyle.match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16) / 255);
  return 0.3 * r + 0.6 * g + 0.1 * b;
}
