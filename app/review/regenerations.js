// Which pages are being made again, and what became of it. Asks the server only while one is under way.

const POLL_MS = 1500;
const SHOWN_FOR_MS = 24 * 3600 * 1000;
const ACTIVE = new Set(["queued", "running"]);

export class Regenerations {
  // `ask(wishes)` goes out with the next envelope; `ended(job)` hears of each one that ends while it is watched.
  constructor({ ask, ended }) {
    Object.assign(this, { ask, ended });
    this.jobs = new Map();
    this.comparisons = new Map();
    this.dismissed = new Set();
    this.uncompared = [];
    this.timer = null;
  }

  // The job to tell of on this page: under way, or ended lately and not dismissed; else null.
  of(page) {
    const job = this.jobs.get(page);
    if (!job || this.dismissed.has(job.id)) return null;
    return ACTIVE.has(job.state) || Date.now() - Date.parse(job.at) < SHOWN_FOR_MS ? job : null;
  }

  isActive(page) {
    return ACTIVE.has(this.jobs.get(page)?.state);
  }

  // It was asked for here: it waits, whatever the server has yet heard of it.
  begin(page, by) {
    this.jobs.set(page, { id: null, page, state: "queued", by, at: new Date().toISOString() });
  }

  fail(page, why) {
    this.jobs.set(page, { id: null, page, state: "failed", why, at: new Date().toISOString() });
  }

  confirmed(page, id) {
    const job = this.jobs.get(page);
    if (job && job.id === null) job.id = id;
    this.#watch();
  }

  // What the server says of some pages; one that it has not yet been told of stays as it is.
  take(jobs) {
    for (const job of jobs) {
      const before = this.jobs.get(job.page);
      if (before && (before.id === null || before.id > job.id) && ACTIVE.has(before.state)) continue;
      this.jobs.set(job.page, job);
      if (ACTIVE.has(before?.state) && !ACTIVE.has(job.state)) this.#end(job);
    }
    this.#watch();
  }

  // Several may end at once; their changes are fetched one after the other.
  #end(job) {
    this.uncompared.push(job.page);
    if (this.uncompared.length === 1) this.compare(job.page);
    this.ended(job);
  }

  compare(page) {
    this.ask({ compare: page, more: true, counts: true });
  }

  compared(comparison, page) {
    if (comparison) this.comparisons.set(comparison.page, comparison);
    this.uncompared = this.uncompared.filter((each) => each !== (comparison?.page ?? page ?? this.uncompared[0]));
    if (this.uncompared.length) this.compare(this.uncompared[0]);
  }

  dismiss(page) {
    const job = this.jobs.get(page);
    if (job) this.dismissed.add(job.id);
  }

  #watch() {
    clearTimeout(this.timer);
    const watched = [...this.jobs.keys()].filter((page) => this.isActive(page) && this.jobs.get(page).id !== null);
    if (!watched.length) return;
    this.timer = setTimeout(() => {
      if (document.visibilityState === "visible") this.ask({ watch: watched.slice(-20) });
      this.#watch();
    }, POLL_MS);
  }
}
