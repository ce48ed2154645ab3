// The choice in force during a visit: what has been looked at under it, what is left, what others do meanwhile.

import { EVERYTHING, isList, keyOf } from "./choices.js";

const MOST_SEEN = 2000;

export class Choosing {
  constructor() {
    this.choice = EVERYTHING;
    this.left = null;
    this.seen = [];
    this.awaited = false;
    this.offers = null;
    this.found = null;
    this.measured = null;
    this.changed = null;
  }

  get key() {
    return keyOf(this.choice);
  }

  get isUsual() {
    return this.key === keyOf(EVERYTHING);
  }

  get isList() {
    return isList(this.choice);
  }

  // Take up another choice; its first pairs are awaited.
  begin(choice) {
    Object.assign(this, { choice, left: null, seen: [], awaited: true });
  }

  // The part of every envelope that says what is wanted and what is on the screen.
  standing(pair, isUnderWay) {
    const { choice, key: choiceKey, seen } = this;
    if (!pair) return { choice, choiceKey, seen };
    const isKnown = !isUnderWay && !pair.blind && !pair.stale && !pair.awaited;
    const state = isKnown ? { rev: pair.rev, status: pair.status } : {};
    return { choice, choiceKey, seen, at: { page: pair.page, pair: pair.id, ...state } };
  }

  // Whether a pair of the queue is still to be judged under this choice.
  waits(pair) {
    if (!pair) return false;
    return this.isList ? !this.seen.includes(pair.id) : pair.status === "pending";
  }

  // A pair was judged or passed: in a list it does not come again.
  pass(pair, judged) {
    if (this.isList) this.seen = [...this.seen, pair.id].slice(-MOST_SEEN);
    if (judged && this.left && (this.isList || pair.status === "pending")) this.left -= 1;
  }

  bringBack(pairId, judged) {
    this.seen = this.seen.filter((id) => id !== pairId);
    if (judged && this.left !== null) this.left += 1;
  }

  isOf(reply) {
    return reply.choiceKey === undefined || reply.choiceKey === this.key;
  }

  take(reply, page) {
    if (reply.left !== undefined && this.isOf(reply)) this.left = reply.left;
    if (reply.choices) this.offers = reply.choices;
    if (reply.found) this.found = reply.found;
    if (reply.measured) this.measured = reply.measured;
    if (!reply.here || reply.here.page !== page?.id) return;
    page.holder = reply.here.holder;
    this.changed = reply.here.changed ?? null;
  }
}

// What came of a second opinion, now that the first may be told.
export function opinionText({ by, status, reason, agrees }) {
  const why = reason ? `: ${reason.replaceAll("_", " ")}` : "";
  return agrees ? `You agree with ${by}` : `You differ: ${by} ${status} it${why}`;
}
