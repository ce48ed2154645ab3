import { storedBelow, write } from "./storage.js";

// Decisions that the server has not confirmed. Each has its own copy in the browser's storage, which outlives
// reload and restart; what a closed tab left behind is sent by the next one (sending twice does no harm).
export class Outbox {
  constructor(prefix) {
    this.prefix = prefix;
    this.entries = storedBelow(prefix).sort((a, b) => a.at - b.at);
  }

  get size() {
    return this.entries.length;
  }

  add(entry) {
    this.entries.push(entry);
    write(this.prefix + entry.uid, entry);
  }

  confirm(uid) {
    this.entries = this.entries.filter((entry) => entry.uid !== uid);
    write(this.prefix + uid, null);
  }

  has(pair) {
    return this.entries.some((entry) => entry.pair === pair && entry.verdict !== "flag" && entry.verdict !== "unflag");
  }
}
