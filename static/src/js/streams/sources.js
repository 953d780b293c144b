/** What htmx takes for EventSources: each watches channels of a hub that may live elsewhere. */

import { namesIn } from "./line.js";

const [CONNECTING, OPEN, CLOSED] = [0, 1, 2];
const ENOUGH = 2; // so often in a row a hub may leave its tabs without an answer
const [SOONEST, LATEST] = [1000, 8000]; // like the city's `retry:`, so that not all phones come back in one moment
const DOUBLED = 2; // so often at most, where it is refused time and again: the city is full

class Source extends EventTarget {
  readyState = CONNECTING;
  onopen = null;
  onerror = null;
  due = null; // the timer that asks for it again
  refusals = 0; // since it was open

  constructor(id, names, over) {
    super();
    Object.assign(this, { id, names, over });
  }

  hear({ kind, name, data, lastEventId }) {
    if (kind === "message") return this.dispatchEvent(new MessageEvent(name, { data, lastEventId }));
    this.readyState = kind === "open" ? OPEN : CONNECTING;
    if (kind === "open") this.refusals = 0;
    const event = new Event(kind);
    this[`on${kind}`]?.(event);
    return this.dispatchEvent(event);
  }

  close() {
    this.readyState = CLOSED;
    this.over(this);
  }
}

export class Sources {
  /** `reader` is whose page this is. */
  constructor(reader) {
    this.reader = reader;
    this.open = new Map();
    this.post = () => {};
  }

  /** From now on the hub is reached like this; what is open is asked of it anew. `lost` is called when it is gone. */
  attach(post, lost) {
    this.post = post;
    this.lost = lost;
    this.again();
  }

  create(url) {
    const id = `${Date.now()}-${Math.random()}`;
    const source = new Source(id, namesIn(url), () => {
      this.forget(source);
      this.open.delete(id);
      this.post({ kind: "leave", id });
    });
    this.open.set(id, source);
    this.ask(source);
    return source;
  }

  ask(source) {
    this.forget(source);
    const { id, names } = source;
    this.post({ kind: "watch", id, names, reader: this.reader, age: performance.now() });
  }

  again() {
    this.unanswered = 0;
    for (const source of this.open.values()) this.ask(source);
  }

  say(kind) {
    for (const id of this.open.keys()) this.post({ kind, id });
  }

  /** To be called from time to time: a hub answers, and one that has died tells nobody. */
  alive() {
    this.say("alive");
    if (this.open.size && ++this.unanswered > ENOUGH) this.lost();
  }

  /** Whether this was for one of ours. */
  receive(message) {
    this.unanswered = 0;
    const source = this.open.get(message.id);
    if (source && message.kind !== "alive") source.hear(message);
    if (source && message.closed) this.later(source);
    return Boolean(source);
  }

  /** Over, but not for htmx, which would try again at the same moments on every phone. */
  later(source) {
    if (source.due) return;
    const pause = SOONEST + Math.random() * (LATEST - SOONEST);
    source.due = setTimeout(() => this.ask(source), pause * 2 ** Math.min(source.refusals++, DOUBLED));
  }

  forget(source) {
    clearTimeout(source.due);
    source.due = null;
  }
}
