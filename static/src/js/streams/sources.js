/** What htmx takes for EventSources: each watches channels of a hub that may live elsewhere. */

import { namesIn } from "./line.js";

const [CONNECTING, OPEN, CLOSED] = [0, 1, 2];

class Source extends EventTarget {
  readyState = CONNECTING;
  onopen = null;
  onerror = null;

  constructor(id, names, over) {
    super();
    Object.assign(this, { id, names, over });
  }

  hear({ kind, name, data, lastEventId, closed }) {
    if (kind === "message") return this.dispatchEvent(new MessageEvent(name, { data, lastEventId }));
    this.readyState = kind === "open" ? OPEN : closed ? CLOSED : CONNECTING;
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
  /** `reader` is whose page this is, `since` when it was opened. */
  constructor(reader, since) {
    this.page = { reader, since };
    this.open = new Map();
    this.post = () => {};
  }

  /** From now on the hub is reached like this; what is open is asked of it anew. */
  attach(post) {
    this.post = post;
    this.again();
  }

  create(url) {
    const id = `${Date.now()}-${Math.random()}`;
    const source = new Source(id, namesIn(url), () => {
      this.open.delete(id);
      this.post({ kind: "leave", id });
    });
    this.open.set(id, source);
    this.ask(source);
    return source;
  }

  ask({ id, names }) {
    this.post({ kind: "watch", id, names, ...this.page });
  }

  again() {
    for (const source of this.open.values()) this.ask(source);
  }

  say(kind) {
    for (const id of this.open.keys()) this.post({ kind, id });
  }

  /** Whether this was for one of ours. */
  receive(message) {
    const source = this.open.get(message.id);
    if (message.closed) this.open.delete(message.id); // htmx makes a new one after a while
    source?.hear(message);
    return Boolean(source);
  }
}
