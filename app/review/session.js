// One reviewer's visit: the queue, the pair on the screen, decisions made and taken back. No drawing in here.
// It outlives the component's mounts (reruns, a look at another view), so nothing is lost by them.

import { Outbox } from "./outbox.js";
import { Transport } from "./transport.js";
import { read, write } from "./storage.js";

const QUEUE_LOW = 16;
const UNDO_STEPS = 200;
const COUNTS_EVERY_MS = 10000;
const DECIDING = new Set(["approve", "edit", "reject"]);
const STATUS_AFTER = { approve: "approved", edit: "approved", reject: "rejected" };

export class Session {
  // `changed(what)` is called after every change: "pair", "reply", "outbox" or "conflict".
  constructor({ workspace, tab, changed }) {
    Object.assign(this, { workspace, tab, changed });
    this.pairs = new Map();
    this.pages = new Map();
    this.queue = [];
    this.current = null;
    this.wanted = null;
    this.redeciding = false;
    this.passedPages = [];
    this.visited = [];
    this.done = [];
    this.saved = 0;
    this.pressed = [];
    this.conflicts = [];
    this.refusals = [];
    this.counts = null;
    this.countsAt = 0;
    this.loaded = false;
    this.exhausted = false;
    this.checked = null;
    this.checks = 0;
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

  get pair() {
    return this.pairs.get(this.current) ?? null;
  }

  get page() {
    return this.pair ? this.pages.get(this.pair.page) : null;
  }

  get isDecided() {
    return Boolean(this.pair) && this.pair.status !== "pending";
  }

  get conflict() {
    return this.conflicts[0] ?? null;
  }

  pageOf(pairId) {
    return this.pages.get(this.pairs.get(pairId)?.page);
  }

  // ---------------------------------------------------------------- deciding

  decide(verdict, details = {}) {
    const pair = this.pair;
    const entry = {
      uid: newId(),
      at: Date.now() + this.done.length / 1e6,
      pair: pair.id,
      rev: pair.rev,
      verdict,
      ...details,
      ...(this.redeciding ? { redecide: true } : {}),
    };
    this.done.push({ pair: pair.id, verdict, before: { ...pair } });
    if (this.done.length > UNDO_STEPS) this.done.shift();
    this.#count(pair.status, STATUS_AFTER[verdict]);
    this.#apply(pair, verdict, details);
    if (DECIDING.has(verdict)) this.pressed.push(Date.now());
    if (verdict !== "flag" && verdict !== "unflag") this.#leave(pair);
    this.#send(entry);
  }

  undo() {
    const last = this.done.pop();
    if (!last) return null;
    const now = this.pairs.get(last.pair) ?? last.before;
    this.#count(now.status, last.before.status);
    // A text that was edited comes back as a newer revision, which only the server can number.
    const textChanged = last.verdict === "edit";
    this.pairs.set(last.pair, { ...last.before, awaited: textChanged });
    this.#status(last.pair, last.before.status);
    this.visited = this.visited.filter((id) => id !== last.pair);
    this.redeciding = false;
    this.wanted = null;
    if (DECIDING.has(last.verdict)) this.pressed.pop();
    this.#show(last.pair, true);
    this.transport.wishes.open = last.pair;
    this.#send({ uid: newId(), at: Date.now(), pair: last.pair, verdict: "undo" });
    return last;
  }

  allowChange() {
    this.redeciding = true;
    this.changed("pair");
  }

  keepTheirs() {
    this.conflicts.shift();
    this.changed("conflict");
  }

  // Open the pair that someone else decided, with its newest text, to be decided again.
  decideAgain() {
    const { theirs, mine } = this.conflicts.shift();
    this.#show(theirs.id, true);
    this.redeciding = true;
    this.changed("conflict");
    return mine;
  }

  #apply(pair, verdict, details) {
    if (verdict === "flag" || verdict === "unflag") pair.flagged = verdict === "flag";
    if (!STATUS_AFTER[verdict]) return;
    pair.status = STATUS_AFTER[verdict];
    pair.by = this.reviewer;
    pair.reason = details.reason ?? null;
    if (verdict === "edit") Object.assign(pair, { question: details.question, answer: details.answer, stale: true });
    this.#status(pair.id, pair.status);
  }

  #leave(pair) {
    const place = this.queue.indexOf(pair.id);
    const rest = this.queue.filter((id) => id !== pair.id);
    const here = rest.find((id, at) => at >= place && this.pairs.get(id).page === pair.page);
    const next = here ?? rest.find((id) => this.pairs.get(id).page === pair.page) ?? rest[0] ?? null;
    this.queue = rest;
    this.redeciding = false;
    this.#show(next);
  }

  #send(entry) {
    this.outbox.add(entry);
    if (this.queue.length < QUEUE_LOW && !this.exhausted) this.transport.wishes.more = true;
    if (Date.now() - this.countsAt > COUNTS_EVERY_MS) this.transport.wishes.counts = true;
    this.transport.flush();
    this.changed("outbox");
  }

  #count(from, to) {
    if (!this.counts || !to || from === to) return;
    this.counts[from] -= 1;
    this.counts[to] += 1;
  }

  #status(pairId, status) {
    const chip = this.pageOf(pairId)?.pairs.find((each) => each.id === pairId);
    if (chip) chip.status = status;
  }

  // ---------------------------------------------------------------- moving

  #show(pairId, again = false) {
    if (pairId === this.current && !again) return;
    if (this.current && this.current !== pairId) this.visited.push(this.current);
    this.current = pairId;
    this.redeciding = false;
    this.changed("pair");
  }

  // Show a pair; one that is not at hand (or no longer fresh) is asked for first. False: it has to come yet.
  open(pairId) {
    const held = this.pairs.get(pairId);
    this.wanted = null;
    if (held && !held.stale && this.pages.has(held.page)) {
      this.#show(pairId);
      return true;
    }
    this.wanted = pairId;
    this.transport.ask({ open: pairId });
    return false;
  }

  // One pair on or back within the page; on past its end: the next page.
  step(by) {
    if (!this.page) return false;
    const ids = this.page.pairs.map((each) => each.id);
    const target = ids[ids.indexOf(this.current) + by];
    if (target) return this.open(target) || true;
    return by > 0 ? this.turnPage() : this.turnBack();
  }

  turnPage() {
    const here = this.pair?.page;
    const elsewhere = this.queue.find((id) => this.pairs.get(id).page !== here);
    if (here && !this.passedPages.includes(here)) this.passedPages.push(here);
    this.queue = [...this.queue.filter((id) => this.pairs.get(id).page !== here)];
    if (elsewhere) this.#show(elsewhere);
    this.awaitingPage = !elsewhere;
    this.transport.ask({ more: true });
    return true;
  }

  turnBack() {
    const here = this.pair?.page;
    while (this.visited.length) {
      const id = this.visited.pop();
      if (this.pairs.get(id)?.page === here) continue;
      const back = this.open(id);
      if (back) this.visited.pop();
      return true;
    }
    return false;
  }

  // ---------------------------------------------------------------- typing

  check(question, answer, type) {
    this.checks += 1;
    this.transport.ask({ check: { k: this.checks, pair: this.current, question, answer, type } });
  }

  draftKey(pairId) {
    return `manualqa:draft:${this.workspace}:${this.reviewer}:${pairId}`;
  }

  // The text begun for this pair: on this machine, else on the server; null when there is none.
  draft(pair) {
    const local = read(this.draftKey(pair.id), null);
    return local ?? pair.draft ?? null;
  }

  keepDraft(pair, text) {
    write(this.draftKey(pair.id), text && { rev: pair.rev, ...text });
    pair.draft = text && { rev: pair.rev, ...text };
    this.transport.wishes.drafts = { ...this.transport.wishes.drafts, [pair.id]: pair.draft };
  }

  // ---------------------------------------------------------------- the server's word

  #standing() {
    const held = Object.fromEntries(this.queue.map((id) => [id, this.pairs.get(id).rev]));
    return {
      reviewer: this.reviewer,
      held,
      known: [...this.pages.keys()].slice(-40),
      passed: this.passedPages,
    };
  }

  #settle(result) {
    const entry = this.outbox.entries.find((each) => each.uid === result.uid);
    if (!entry) return;
    this.outbox.confirm(result.uid);
    if (result.ok) {
      this.saved += 1;
      return;
    }
    this.#refused(entry, result);
  }

  #refused(entry, { why, message, theirs }) {
    const at = this.done.findLastIndex((each) => each.pair === entry.pair && each.verdict === entry.verdict);
    if (at >= 0) this.#count(STATUS_AFTER[entry.verdict], this.done.splice(at, 1)[0].before.status);
    if (theirs) {
      this.#hold(theirs);
      this.#status(theirs.id, theirs.status);
    }
    if ((why === "stale_revision" || why === "already_decided") && theirs) {
      this.conflicts.push({ why, mine: entry, theirs });
      this.changed("conflict");
    } else {
      this.refusals.push({ why, message, pair: entry.pair });
      if (theirs && DECIDING.has(entry.verdict)) this.open(entry.pair);
    }
  }

  #hold(pair) {
    const waits = this.outbox.has(pair.id);
    if (!waits) this.pairs.set(pair.id, pair);
  }

  #take(reply) {
    for (const page of reply.pages ?? []) {
      const sheet = page.sheet ?? this.pages.get(page.id)?.sheet;
      this.pages.set(page.id, { ...page, sheet });
    }
    const shown = this.pair;
    for (const pair of reply.pairs ?? []) this.#hold(pair);
    for (const id of this.pages.keys()) this.#chips(id);
    if (reply.counts) this.#recount(reply.counts);
    if (reply.queue) this.#refill(reply.queue);
    if (reply.check && reply.check.k === this.checks) this.checked = reply.check;
    if (reply.opened) this.#opened(reply.opened);
    this.loaded = true;
    const now = this.pair;
    const changed = shown?.id !== now?.id || shown?.rev !== now?.rev || shown?.status !== now?.status;
    this.changed(changed ? "pair" : "reply");
  }

  #chips(pageId) {
    for (const chip of this.pages.get(pageId).pairs) chip.status = this.pairs.get(chip.id)?.status ?? chip.status;
  }

  #recount(counts) {
    this.counts = counts;
    this.countsAt = Date.now();
    for (const { pair, verdict } of this.outbox.entries) {
      if (this.pairs.get(pair)) this.#count("pending", STATUS_AFTER[verdict]);
    }
  }

  // What is on the screen stays; of the rest, what the server no longer lists goes and what is new is appended.
  #refill(ids) {
    const listed = ids.filter((id) => this.pairs.get(id)?.status === "pending" && !this.outbox.has(id));
    const known = this.queue.filter((id) => listed.includes(id) || id === this.current);
    this.queue = [...known, ...listed.filter((id) => !known.includes(id))];
    this.exhausted = this.queue.length < QUEUE_LOW && ids.length < QUEUE_LOW;
    if ((!this.current && !this.wanted) || this.awaitingPage) {
      const next = this.queue.find((id) => id !== this.current) ?? this.queue[0];
      if (next) this.#show(next);
      else if (this.passedPages.length) this.#comeRound();
      this.awaitingPage = false;
    }
  }

  // Every page was passed over: begin again with the first of them.
  #comeRound() {
    this.passedPages = [];
    this.exhausted = false;
    this.transport.ask({ more: true });
  }

  #opened({ id, error }) {
    if (this.pairs.get(id)) this.pairs.get(id).awaited = false;
    if (id !== this.wanted) return;
    this.wanted = null;
    if (error) {
      this.refusals.push({ why: error, message: null, pair: id });
      if (!this.current && this.queue.length) this.#show(this.queue[0]);
      return;
    }
    this.#show(id, true);
  }
}

export function newId() {
  return crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16)).join("-");
}
