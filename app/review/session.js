// One reviewer's visit: the queue, the pair on the screen, decisions made and taken back. No drawing in here.
// It outlives the component's mounts (reruns, a look at another view), so nothing is lost by them.

import { Choosing, opinionText } from "./choosing.js";
import { Outbox } from "./outbox.js";
import { Regenerations } from "./regenerations.js";
import { read, write } from "./storage.js";
import { Store, Tally } from "./store.js";
import { Transport } from "./transport.js";

const QUEUE_LOW = 16;
const UNDO_STEPS = 200;
const COUNTS_EVERY_MS = 10000;
const DECIDING = new Set(["approve", "edit", "reject"]);
const STATUS_AFTER = { approve: "approved", edit: "approved", reject: "rejected" };

export class Session {
  // `changed(what)` is called after every change: "pair", "reply", "outbox" or "conflict".
  constructor({ workspace, tab, changed }) {
    Object.assign(this, { workspace, tab, changed });
    this.store = new Store();
    this.tally = new Tally();
    this.choosing = new Choosing();
    this.queue = [];
    this.current = null;
    this.wanted = null;
    this.redeciding = false;
    this.passedPages = [];
    this.visited = [];
    this.done = [];
    this.saved = 0;
    this.conflicts = [];
    this.interrupted = undefined; // what a conflict took the place of; null is the empty queue
    this.refusals = [];
    this.news = [];
    this.loaded = false;
    this.exhausted = false;
    this.awaitingPage = false;
    this.checked = null;
    this.checks = 0;
    this.history = null;
    this.context = null;
    this.guidelines = null;
    this.words = new Map();
    this.reviewer = "";
    this.outbox = new Outbox(this.#outboxPrefix());
    this.transport = new Transport({
      tab,
      outbox: this.outbox,
      compose: () => this.#standing(),
      onResults: (results) => results.forEach((result) => this.#settle(result)),
      onReply: (reply) => this.#take(reply),
      onChange: () => this.changed("outbox"),
      onBeat: () => this.transport.ask({ beat: true, counts: true, more: this.queue.length < QUEUE_LOW }),
    });
    this.regenerations = new Regenerations({
      ask: (wishes) => this.transport.ask(wishes),
      ended: ({ page, state }) => page !== this.pair?.page && this.news.push(`Page ${page}: regeneration ${state}`),
    });
  }

  // Whoever sits here now has an outbox and drafts of their own.
  setReviewer(name) {
    if (name === this.reviewer) return;
    this.reviewer = name;
    this.outbox = new Outbox(this.#outboxPrefix());
    this.transport.outbox = this.outbox;
    this.done = [];
  }

  #outboxPrefix() {
    return `manualqa:outbox:${this.workspace}:${this.reviewer}:`;
  }

  // Ask for the queue, and for the pair that the address names.
  greet(pairId) {
    if (pairId) this.wanted = pairId;
    this.transport.ask({ more: true, counts: true, ...(pairId ? { open: pairId } : {}) });
  }

  // Queue something else, and show the first of it (or the pair that is named).
  choose(choice, pairId = null) {
    // What is hidden for a second opinion is so in its queue alone: everything is fetched anew.
    if (choice.order === "second" || this.choosing.choice.order === "second") this.store.forgetBut(this.pair);
    this.choosing.begin(choice);
    Object.assign(this, { queue: [], passedPages: [], exhausted: false, awaitingPage: false, wanted: pairId });
    this.transport.ask({ more: true, afresh: true, counts: true, ...(pairId ? { open: pairId } : {}) });
    this.changed("outbox");
  }

  // Show a pair's newest state in place of what has been on the screen.
  showChanged() {
    this.wanted = this.current;
    this.transport.ask({ open: this.current });
  }

  share(name, filters) {
    this.#request({ verdict: "assign", to: name, filters });
    this.transport.ask({ choices: true });
  }

  unshare(assignment) {
    this.#request({ verdict: "unassign", assignment });
    this.transport.ask({ choices: true });
  }

  get pair() {
    return this.store.pairs.get(this.current) ?? null;
  }

  get page() {
    return this.pair ? this.store.pages.get(this.pair.page) : null;
  }

  get isDecided() {
    return Boolean(this.pair) && this.pair.status !== "pending";
  }

  get conflict() {
    return this.conflicts[0] ?? null;
  }

  // ---------------------------------------------------------------- deciding

  decide(verdict, details = {}) {
    const pair = this.pair;
    const how = pair.blind ? { second: true } : this.redeciding ? { redecide: true } : {};
    const entry = { uid: newId(), at: now(), pair: pair.id, rev: pair.rev, verdict, ...details, ...how };
    this.#remember({ uid: entry.uid, pair: pair.id, verdict, boxes: details.boxes, before: { ...pair } });
    if (!pair.blind) this.tally.move(pair.status, STATUS_AFTER[verdict]);
    if (DECIDING.has(verdict)) this.choosing.pass(pair, true);
    this.#apply(pair, verdict, details);
    if (DECIDING.has(verdict)) this.tally.decidedAt.push(Date.now());
    if (verdict !== "flag" && verdict !== "unflag") this.#leave(pair);
    this.#send(entry);
  }

  // A pair that the model missed, approved as it is written; its number comes with the confirmation.
  add(page, text) {
    const entry = { uid: newId(), at: now(), page: page.id, verdict: "edit", ...text };
    this.#remember({ uid: entry.uid, pair: null, verdict: "edit", before: null });
    this.tally.move(null, "approved");
    this.tally.decidedAt.push(Date.now());
    this.#send(entry);
  }

  // On to the next one of a list, without a word about this one.
  pass() {
    this.choosing.pass(this.pair, false);
    this.#leave(this.pair);
    this.transport.ask({ more: true });
  }

  #remember(step) {
    this.done.push(step);
    if (this.done.length > UNDO_STEPS) this.done.shift();
  }

  // Whether the last step is a new pair that is not at hand yet: its number or its text has still to come.
  waitsForNewPair() {
    const last = this.done.at(-1);
    if (!last || last.before || this.store.pairs.has(last.pair)) return false;
    if (last.pair) this.transport.ask({ open: last.pair });
    return true;
  }

  // Take back the last decision of this visit and show its pair again; null when there is none.
  undo() {
    const last = this.done.pop();
    if (!last) return null;
    const present = this.store.pairs.get(last.pair) ?? last.before;
    last.before ??= { ...present, status: "pending", by: null };
    if (!last.before.blind) this.tally.move(present.status, last.before.status);
    this.choosing.bringBack(last.pair, DECIDING.has(last.verdict));
    if (DECIDING.has(last.verdict)) this.tally.decidedAt.pop();
    // A text that was edited comes back as a newer revision, which only the server can number.
    this.store.pairs.set(last.pair, { ...last.before, awaited: last.verdict === "edit" });
    this.store.setStatus(last.pair, last.before.status);
    if (last.before.status === "pending" && !this.queue.includes(last.pair)) this.queue.unshift(last.pair);
    this.visited = this.visited.filter((id) => id !== last.pair);
    this.wanted = null;
    this.#show(last.pair, true);
    this.transport.wishes.open = last.pair;
    const how = last.before.blind ? { second: true } : {};
    this.#send({ uid: newId(), at: now(), pair: last.pair, verdict: "undo", ...how });
    return last;
  }

  allowChange() {
    this.redeciding = true;
    this.changed("pair");
  }

  // A conflict is judged before its own scan: show that pair; what it takes the place of comes back afterwards.
  showDisputed() {
    const { id } = this.conflict.theirs;
    if (id === this.current) return;
    if (this.interrupted === undefined) this.interrupted = this.current;
    this.open(id);
  }

  keepTheirs() {
    const { theirs } = this.conflicts.shift();
    if (this.wanted === theirs.id) this.wanted = null;
    if (!this.conflict) this.#resume();
    this.changed("conflict");
  }

  #resume() {
    if (this.interrupted === undefined) return;
    const id = this.interrupted ?? this.queue[0];
    this.interrupted = undefined;
    if (id) this.open(id);
    else this.#show(null);
  }

  // Open the pair that someone else decided, with its newest text, to be decided again; gives one's own decision.
  decideAgain() {
    const { theirs, mine } = this.conflicts.shift();
    this.interrupted = undefined;
    this.#show(theirs.id, true);
    this.redeciding = true;
    this.changed("conflict");
    return mine;
  }

  // ---------------------------------------------------------------- asking for work

  // Have a page's pairs made again. The pairs on the screen stay until the new ones are stored.
  regenerate(page, { reason, comment, corrections }) {
    this.store.correct(page.id, corrections);
    this.regenerations.begin(page.id, this.reviewer);
    this.#request({ verdict: "regenerate", page: page.id, reason, comment, corrections });
  }

  correct(page, corrections) {
    this.store.correct(page.id, corrections);
    this.transport.wishes.open = this.current;
    this.#request({ verdict: "correct", page: page.id, corrections });
  }

  // Put a pair that was set aside back in the queue.
  restore(pairId) {
    const pair = this.store.pairs.get(pairId);
    if (pair) {
      Object.assign(pair, { status: "pending", reason: "restored" });
      if (!this.queue.includes(pairId)) this.queue.unshift(pairId);
    }
    this.store.putBack(pairId);
    this.tally.move("set_aside", "pending");
    Object.assign(this.transport.wishes, { open: pairId, more: true });
    this.#request({ verdict: "restore", pair: pairId });
    this.changed("pair");
  }

  #request(request) {
    this.#send({ uid: newId(), at: now(), ...request });
  }

  #apply(pair, verdict, details) {
    if (verdict === "flag" || verdict === "unflag") pair.flagged = verdict === "flag";
    if (!STATUS_AFTER[verdict]) return;
    Object.assign(pair, { status: STATUS_AFTER[verdict], by: this.reviewer, reason: details.reason ?? null });
    if (pair.blind) pair.stale = true;
    else if (verdict === "edit") Object.assign(pair, { question: details.question, answer: details.answer, stale: true });
    this.store.setStatus(pair.id, pair.status);
  }

  // On to the next pair that waits: of this page if it has one, in the order of the queue.
  #leave(pair) {
    const place = this.queue.indexOf(pair.id);
    const rest = this.queue.filter((id) => id !== pair.id);
    const ofPage = (id) => this.store.pairs.get(id).page === pair.page;
    const next = rest.find((id, at) => at >= place && ofPage(id)) ?? rest.find(ofPage) ?? rest[0] ?? null;
    this.queue = rest;
    this.#show(next);
  }

  #send(entry) {
    this.outbox.add(entry);
    if (this.queue.length < QUEUE_LOW) this.transport.wishes.more = true;
    if (Date.now() - this.tally.countedAt > COUNTS_EVERY_MS) this.transport.wishes.counts = true;
    this.transport.flush();
    this.changed("outbox");
  }

  // ---------------------------------------------------------------- moving

  #show(pairId, again = false) {
    if (pairId === this.current && !again) return;
    if (this.current && this.current !== pairId) this.visited.push(this.current);
    this.current = pairId;
    this.redeciding = false;
    this.changed("pair");
  }

  // Show a pair; one that is not at hand (or no longer fresh) is asked for first. False: it has yet to come.
  open(pairId) {
    this.wanted = null;
    if (this.store.isAtHand(pairId)) {
      this.#show(pairId);
      return true;
    }
    this.wanted = pairId;
    this.transport.ask({ open: pairId });
    return false;
  }

  // On to the first pair that waits. False: none is at hand.
  nextWaiting() {
    const next = this.queue.find((id) => id !== this.current);
    if (next) this.open(next);
    return Boolean(next);
  }

  // One pair on or back within the page; past its end comes the next page. False: there is nothing there.
  step(by) {
    if (!this.page) return false;
    const ids = this.page.pairs.map((each) => each.id);
    const target = ids[ids.indexOf(this.current) + by];
    if (target) {
      this.open(target);
      return true;
    }
    return by > 0 ? this.turnPage() : this.turnBack();
  }

  // Leave the rest of this page for later. False: no other page waits.
  turnPage() {
    const here = this.pair?.page;
    const others = this.queue.filter((id) => this.store.pairs.get(id).page !== here);
    if (!others.length && this.exhausted && !this.passedPages.length) return false;
    if (here && !this.passedPages.includes(here)) this.passedPages.push(here);
    this.queue = others;
    this.exhausted = false;
    this.awaitingPage = !others.length;
    if (others.length) this.#show(others[0]);
    this.transport.ask({ more: true });
    return true;
  }

  // Back to the page that was looked at before this one. False: there was none.
  turnBack() {
    const here = this.pair?.page;
    while (this.visited.length) {
      const id = this.visited.pop();
      if (this.store.pairs.get(id)?.page === here) continue;
      if (this.open(id)) this.visited.pop();
      return true;
    }
    return false;
  }

  // ---------------------------------------------------------------- typing

  check(subject, { question, answer, type }) {
    this.checks += 1;
    this.transport.ask({ check: { k: this.checks, question, answer, type, ...this.#place(subject) } });
  }

  // A new pair is checked against its page.
  #place(subject) {
    return subject.isNew ? { page: subject.page } : { pair: subject.id };
  }

  // The text begun for this pair: on this machine, else on the server; null when there is none.
  draft(pair) {
    return read(this.#draftKey(pair.id), null) ?? pair.draft ?? null;
  }

  keepDraft(pair, text) {
    pair.draft = text && { rev: pair.rev, ...text };
    write(this.#draftKey(pair.id), pair.draft);
    if (!pair.isNew) this.transport.wishes.drafts = { ...this.transport.wishes.drafts, [pair.id]: pair.draft };
  }

  // Who wrote and decided what; it comes with the next reply.
  // What stands round a pair, always fresh: others decide meanwhile.
  askContext(pairId) {
    this.context = null;
    this.transport.ask({ context: pairId });
  }

  askHistory(pairId) {
    this.history = null;
    this.transport.ask({ history: pairId });
  }

  #draftKey(pairId) {
    return `manualqa:draft:${this.workspace}:${this.reviewer}:${pairId}`;
  }

  // ---------------------------------------------------------------- the server's word

  #standing() {
    const held = Object.fromEntries(this.queue.map((id) => [id, this.store.pairs.get(id).rev]));
    const here = this.choosing.awaited ? this.pair?.page : null; // shown anew under another choice
    const known = [...this.store.pages.keys()].filter((id) => id !== here).slice(-40);
    const chosen = this.choosing.standing(this.pair, this.outbox.has(this.current));
    return { reviewer: this.reviewer, held, known, passed: this.passedPages, ...chosen };
  }

  #settle(result) {
    const entry = this.outbox.entries.find((each) => each.uid === result.uid);
    if (!entry) return;
    this.outbox.confirm(result.uid);
    if (result.request) this.#answered(entry, result);
    else if (result.ok) this.#stored(entry, result);
    else this.#refused(entry, result);
  }

  #stored(entry, { pair, second }) {
    this.saved += 1;
    if (second && entry.verdict !== "undo") this.news.push(opinionText(second));
    const step = entry.pair ? null : this.done.find((each) => each.uid === entry.uid);
    if (step) step.pair = pair;
  }

  #answered(entry, { request, ok, why, message, job }) {
    if (request === "regenerate" && ok) this.regenerations.confirmed(entry.page, job);
    if (request === "regenerate" && !ok) this.regenerations.fail(entry.page, message);
    if (!ok) this.refusals.push({ why, message, pair: entry.page ?? entry.pair });
  }

  #refused(entry, { why, message, theirs }) {
    const at = this.done.findLastIndex((each) => each.uid === entry.uid);
    const seen = at >= 0 ? this.done.splice(at, 1)[0].before : null;
    if (seen) this.tally.move(STATUS_AFTER[entry.verdict], seen.status);
    if (theirs) this.store.take({ pairs: [theirs] }, (id) => this.outbox.has(id));
    if ((why === "stale_revision" || why === "already_decided") && theirs) {
      this.conflicts.push({ why, mine: entry, seen, theirs });
      this.changed("conflict");
      return;
    }
    const written = entry.pair ? null : entry;
    this.refusals.push({ why, message, pair: entry.pair ?? entry.page, written });
    if (written) this.#giveBack(written);
    if (theirs && DECIDING.has(entry.verdict)) this.open(entry.pair);
  }

  // A new pair that was refused is not lost: M brings its text back.
  #giveBack({ page, question, answer, type }) {
    this.tally.move("approved", null);
    this.keepDraft({ id: `new:${page}`, rev: 0, isNew: true }, { question, answer, type });
  }

  #take(reply) {
    const { pair: shown, page } = this;
    this.store.take(reply, (id) => this.outbox.has(id));
    const ofPages = (reply.pages ?? []).map((page) => page.regeneration).filter(Boolean);
    this.regenerations.take([...ofPages, ...(reply.regenerations ?? [])]);
    if ("comparison" in reply) this.regenerations.compared(reply.comparison);
    if (reply.counts) this.#recount(reply.counts);
    this.choosing.take(reply, this.page);
    if (reply.queue && this.choosing.isOf(reply)) this.#refill(reply.queue);
    if (reply.check && reply.check.k === this.checks) this.checked = reply.check;
    if (reply.opened) this.#opened(reply.opened);
    if (reply.history) this.history = reply.history;
    if ("context" in reply) this.context = reply.context;
    if ("guidelines" in reply) this.guidelines = reply.guidelines;
    if (reply.words) this.words.set(reply.words.page, reply.words.words);
    this.loaded = true;
    this.changed(this.pair === shown && this.page === page ? "reply" : "pair");
  }

  #recount(counts) {
    this.tally.recount(counts);
    for (const { verdict, pair } of this.outbox.entries) this.tally.move(pair ? "pending" : null, STATUS_AFTER[verdict]);
  }

  // What is on the screen stays; of the rest, what the server no longer lists goes and what is new is appended.
  #refill(ids) {
    const waits = (id) => this.choosing.waits(this.store.pairs.get(id)) && !this.outbox.has(id);
    const listed = ids.filter(waits);
    const kept = this.queue.filter((id) => listed.includes(id) || (id === this.current && waits(id)));
    this.queue = [...kept, ...listed.filter((id) => !kept.includes(id))];
    this.exhausted = ids.length < QUEUE_LOW;
    if (this.choosing.awaited) {
      this.choosing.awaited = false;
      if (!this.wanted) this.#show(this.queue[0] ?? null, true);
      return;
    }
    if (!this.awaitingPage && (this.current || this.wanted)) return;
    this.awaitingPage = false;
    const next = this.queue.find((id) => id !== this.current);
    if (next) this.#show(next);
    else if (this.passedPages.length) this.#comeRound();
  }

  // Every page was passed over: begin again with the first of them.
  #comeRound() {
    this.passedPages = [];
    this.awaitingPage = true;
    this.transport.wishes.more = true;
  }

  #opened({ id, error }) {
    const pair = this.store.pairs.get(id);
    if (pair) pair.awaited = false;
    if (id !== this.wanted) return;
    this.wanted = null;
    if (!error) {
      this.#show(id, true);
      return;
    }
    this.refusals.push({ why: error, message: null, pair: id });
    if (!this.current && this.queue.length) this.#show(this.queue[0]);
  }
}

export function newId() {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16)).join("-");
}

// The time in milliseconds, never the same twice, so that decisions of one moment keep their order.
let latest = 0;
function now() {
  latest = Math.max(Date.now(), latest + 0.001);
  return latest;
}
