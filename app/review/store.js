// Pairs and pages that the server has sent in this visit, as they now stand for this reviewer.

export class Store {
  constructor() {
    this.pairs = new Map();
    this.pages = new Map();
  }

  pageOf(pairId) {
    return this.pages.get(this.pairs.get(pairId)?.page);
  }

  // Take what a reply brings; pairs with a decision under way keep the reviewer's own state.
  take({ pairs = [], pages = [] }, isUnderWay) {
    for (const page of pages) {
      const sheet = page.sheet ?? this.pages.get(page.id)?.sheet;
      this.pages.set(page.id, { ...page, sheet });
    }
    for (const pair of pairs) if (!isUnderWay(pair.id)) this.pairs.set(pair.id, pair);
    for (const page of this.pages.values()) {
      for (const chip of page.pairs) {
        const pair = this.pairs.get(chip.id);
        if (pair && !pair.stale) chip.status = pair.status;
      }
    }
  }

  // Have everything fetched anew, but what is on the screen until something else is.
  forgetBut(shown) {
    for (const pair of this.pairs.values()) pair.stale = true;
    for (const id of this.pages.keys()) if (id !== shown?.page) this.pages.delete(id);
  }

  setStatus(pairId, status) {
    const chip = this.pageOf(pairId)?.pairs.find((each) => each.id === pairId);
    if (chip) chip.status = status;
  }

  // A pair that was set aside waits again: its page lists it among the others.
  putBack(pairId) {
    for (const page of this.pages.values()) {
      const back = page.aside.find((each) => each.id === pairId);
      if (!back) continue;
      page.aside = page.aside.filter((each) => each !== back);
      page.pairs.push({ ...back, status: "pending" });
    }
  }

  // What a reviewer corrects holds at once; the names of fields are the server's.
  correct(pageId, { content_type: kind, rotation, section_id: id, section_name: name }) {
    const page = this.pages.get(pageId);
    if (kind) page.kind = kind;
    if (rotation) page.rotation = Number(rotation);
    if (id) page.sectionId = id;
    if (name) Object.assign(page, { sectionName: name, section: name });
  }

  isAtHand(pairId) {
    const pair = this.pairs.get(pairId);
    return Boolean(pair) && !pair.stale && this.pages.has(pair.page);
  }
}

// How many pairs stand where, and how fast this visit goes.
export class Tally {
  constructor() {
    this.counts = null;
    this.countedAt = 0;
    this.decidedAt = [];
  }

  // One pair goes from one status to another; null: it comes new, or is gone again.
  move(from, to) {
    if (!this.counts || from === to || from === undefined || to === undefined) return;
    if (from) this.counts[from] -= 1;
    if (to) this.counts[to] += 1;
  }

  recount(counts) {
    this.counts = { ...counts };
    this.countedAt = Date.now();
  }

  get decided() {
    return this.counts.approved + this.counts.rejected;
  }

  // Decisions a minute over the last five minutes; null while there are too few to say.
  get pace() {
    const recent = this.decidedAt.filter((at) => Date.now() - at < 300000);
    if (recent.length < 5) return null;
    return Math.round(recent.length / Math.max((Date.now() - recent[0]) / 60000, 0.5));
  }
}
