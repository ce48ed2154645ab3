// What lies on the desk: the choice in the address, the panels that change it or search, and the way back.

import { EVERYTHING, choiceIn, keyOf, namesAChoice, writeChoice } from "./choices.js";
import { QueuePanel } from "./queuepanel.js";
import { SearchPanel } from "./searchpanel.js";

export class Desk {
  // `open(pairId)` shows a pair, `overlay(name, shown)` a panel; `close()` ends whatever is open.
  constructor({ at, session, open, overlay, close }) {
    Object.assign(this, { session, open, overlay, close });
    const ask = (wishes) => session.transport.ask(wishes);
    this.panel = new QueuePanel(at, {
      choose: (choice) => this.choose(choice),
      measure: (measure) => ask({ measure }),
      assign: (name, filters) => session.share(name, filters),
      unassign: (id) => session.unshare(id),
    });
    this.finder = new SearchPanel(at, {
      ask: (find) => ask({ find }),
      open: (id) => this.#found(id),
      queue: (text) => this.choose({ ...session.choosing.choice, q: text }),
    });
  }

  // Follow the browser's Back and Forward; gives the way to stop.
  listen() {
    const path = location.pathname;
    const follow = () => location.pathname === path && this.#follow();
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }

  // Ask for the first pairs. An address that names no choice leaves the visit's own in force.
  greet() {
    const { session } = this;
    const address = new URL(location.href);
    const asked = address.searchParams.get("pair");
    const choice = choiceIn(address);
    if (namesAChoice(address) && keyOf(choice) !== session.choosing.key) session.choose(choice, asked);
    else session.greet(asked && asked !== session.current ? asked : null);
  }

  #follow() {
    const address = new URL(location.href);
    const choice = choiceIn(address);
    const pair = address.searchParams.get("pair");
    if (keyOf(choice) !== this.session.choosing.key) this.session.choose(choice, pair);
    else if (pair && pair !== this.session.current) this.open(pair);
  }

  // Another choice is a step that the browser's Back takes back.
  choose(choice) {
    this.close();
    const address = new URL(location.href);
    writeChoice(address, choice);
    history.pushState(history.state, "", address);
    this.session.choose(choice);
  }

  everything() {
    this.choose(EVERYTHING);
  }

  choices() {
    const { choosing, transport } = this.session;
    transport.wishes.choices = true;
    this.panel.begin(choosing.choice, choosing.offers);
    this.overlay("choices", true);
    this.panel.focus();
  }

  search() {
    this.finder.begin(this.session.choosing.choice.q);
    this.overlay("search", true);
  }

  #found(pairId) {
    this.overlay("search", false);
    this.open(pairId);
  }

  // Put what the server has answered into the panels.
  draw() {
    const { offers, measured, found } = this.session.choosing;
    this.panel.draw(offers, measured);
    this.finder.draw(found);
  }
}
