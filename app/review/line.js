// The screen's own websocket, on which envelopes are answered at once. It is opened with a ticket that comes with the
// component's data; while there is no line, envelopes go through the component.

const PAUSES_MS = [500, 1000, 2000, 4000, 8000];
const REFUSED = 1008;

export class Line {
  // answered(reply) hears each reply; opened() and lost() that the line stands, or no longer does.
  constructor({ answered, opened, lost }) {
    Object.assign(this, { answered, opened, lost });
    this.ticket = null;
    this.socket = null;
    this.failures = 0;
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  // Use this ticket from now on, and open the line unless it stands.
  open(ticket) {
    this.ticket = ticket;
    this.retry();
  }

  retry() {
    clearTimeout(this.soon);
    if (!this.ticket || this.socket) return;
    const address = new URL("review-line", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("open", () => this.#stands(socket));
    socket.addEventListener("message", ({ data }) => this.#heard(socket, data));
    socket.addEventListener("close", ({ code }) => this.#closed(socket, code));
  }

  send(envelope) {
    this.socket.send(JSON.stringify(envelope));
  }

  // A line that gives no answer may be dead without knowing: begin another.
  renew() {
    this.close();
    this.retry();
  }

  close() {
    const { socket } = this;
    this.#end();
    socket?.close();
  }

  #end() {
    clearTimeout(this.soon);
    this.socket = null;
  }

  #stands(socket) {
    if (this.socket !== socket) return;
    socket.send(this.ticket);
    this.opened();
  }

  #heard(socket, data) {
    if (this.socket !== socket) return;
    this.failures = 0;
    this.answered(JSON.parse(data));
  }

  #closed(socket, code) {
    if (this.socket !== socket) return;
    this.#end();
    if (code === REFUSED) this.ticket = null; // the next reply through the component brings another
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)];
    this.failures += 1;
    this.soon = setTimeout(() => this.retry(), pause);
    this.lost();
  }
}
