// Envelopes to the server and its replies: one in flight, each with the whole outbox, sent again until confirmed.
// Streamlit keeps only the newest unread trigger, and forgets it when a connection drops; hence all of this. Envelopes
// go by the screen's own line where it stands, else through the component: sent twice they do no harm.

import { Line } from "./line.js";

const PATIENCE_MS = [2500, 3500, 5000];
const BEAT_MS = 30000;
const LARGEST_OUTBOX = 50;

export class Transport {
  // compose() gives the standing parts of an envelope, onResults(list) what became of decisions, onReply(reply)
  // the answer to the newest envelope; onChange() hears that something was answered or is late, onBeat() every
  // half minute while the tab is looked at.
  constructor({ tab, outbox, compose, onResults, onReply, onChange, onBeat }) {
    Object.assign(this, { tab, outbox, compose, onResults, onReply, onChange, onBeat });
    this.n = 0;
    this.newest = 0;
    this.inFlight = null;
    this.wishes = {};
    this.failures = 0;
    this.lateSince = null;
    this.session = null;
    this.error = null;
    this.send = null;
    this.knownAs = null;
    this.line = new Line({
      answered: (reply) => this.#take(reply),
      opened: () => this.#lineStands(),
      lost: () => this.#lineLost(),
    });
  }

  // Begin to send, from this mount of the component on. `knownAs` is whom the server takes this visit for.
  start(send, data) {
    this.stop();
    this.knownAs = data.identity || data.named;
    this.session = data.session;
    this.line.open(data.ticket);
    this.beat = setInterval(() => document.visibilityState === "visible" && this.onBeat(), BEAT_MS);
    this.online = () => {
      this.line.retry();
      this.retry();
    };
    this.seen = () => document.visibilityState === "visible" && this.onBeat();
    document.addEventListener("visibilitychange", this.seen);
    window.addEventListener("online", this.online);
    this.send = send;
  }

  stop() {
    clearInterval(this.beat);
    clearTimeout(this.timer);
    clearTimeout(this.soon);
    window.removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.seen);
    this.send = null;
    this.line.close();
    this.#takeBack();
  }

  // What is late may have gone to a component that was cut off.
  #lineStands() {
    if (this.failures) this.retry();
  }

  #lineLost() {
    if (this.inFlight?.byLine) this.retry();
  }

  get isLate() {
    return this.failures > 0 || !navigator.onLine;
  }

  // Wishes go out with the next envelope; a newer wish of the same name replaces an older one.
  ask(wishes) {
    Object.assign(this.wishes, wishes);
    this.flush();
  }

  flush() {
    if (this.inFlight || !this.send) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.#post(), 0);
  }

  retry() {
    this.#takeBack();
    this.flush();
  }

  #post() {
    if (this.inFlight || !this.send) return;
    if (!this.outbox.size && !Object.keys(this.wishes).length) return;
    const wishes = this.wishes;
    this.wishes = {};
    this.n += 1;
    this.inFlight = { n: this.n, wishes };
    const outbox = this.outbox.entries.slice(0, LARGEST_OUTBOX);
    this.timer = setTimeout(() => this.#late(), this.#patience());
    this.#dispatch({ ...this.compose(), ...wishes, n: this.n, tab: this.tab, outbox });
  }

  // Another name goes through the component once, so that the other views know it too.
  #dispatch(envelope) {
    const isKnown = envelope.reviewer === this.knownAs;
    this.inFlight.byLine = isKnown && this.line.isOpen;
    if (this.inFlight.byLine) {
      this.line.send(envelope);
      return;
    }
    this.knownAs = envelope.reviewer;
    this.send("msg", envelope);
  }

  #late() {
    this.failures += 1;
    this.lateSince ??= Date.now();
    this.onChange();
    if (this.inFlight?.byLine) this.line.renew();
    else this.line.retry();
    this.retry();
  }

  #takeBack() {
    if (this.inFlight) this.wishes = { ...this.inFlight.wishes, ...this.wishes };
    this.inFlight = null;
    clearTimeout(this.timer);
  }

  // The component's data: Streamlit brings the last reply again at every rerun, and a new session after a restart.
  receive({ session, ticket, reply }) {
    const restarted = this.session !== null && session !== this.session;
    this.session = session;
    this.line.open(ticket);
    if (!this.#take(reply) && restarted) this.retry();
  }

  // Only a new reply for this tab counts; whether this is one.
  #take(reply) {
    if (reply?.tab !== this.tab || reply.n <= this.newest) return false;
    this.newest = reply.n;
    this.onResults(reply.results ?? []);
    if (this.inFlight && reply.n === this.inFlight.n) this.#answered(reply);
    return true;
  }

  #answered(reply) {
    clearTimeout(this.timer);
    this.error = reply.error ?? null;
    if (this.error) {
      this.#failed();
      return;
    }
    this.inFlight = null;
    this.failures = 0;
    this.lateSince = null;
    this.onReply(reply);
    this.onChange();
    this.flush();
  }

  // The server could not do it: everything is kept and sent again after a pause.
  #failed() {
    this.failures += 1;
    this.lateSince ??= Date.now();
    this.timer = setTimeout(() => this.retry(), this.#patience());
    this.onChange();
  }

  #patience() {
    return PATIENCE_MS[Math.min(this.failures, PATIENCE_MS.length - 1)];
  }
}
