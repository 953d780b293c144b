/** One stream of the city: the channels it carries, and the last state of each. */

const CLOSED = 2;
const BEAT = "beat"; // the server's time: news for everybody, and never repeated

/** Every name once, in one order: the same channels have the same address. */
export function union(lists) {
  return [...new Set(lists.flatMap((names) => [...names]))].sort();
}

export function addressOf(names) {
  return `/live?${names.map((name) => `watch=${encodeURIComponent(name)}`).join("&")}`;
}

/** The channels that an address of this kind names. */
export function namesIn(url) {
  return new URLSearchParams(url.slice(url.indexOf("?"))).getAll("watch");
}

export class Line {
  /** `to` hears: opened(line), failed(line, isClosed), told(line, message). `connect` makes an EventSource. */
  constructor(names, to, { connect, clock }) {
    this.names = names;
    this.last = new Map();
    this.isOpen = false;
    this.heardAt = clock();
    this.source = connect(addressOf(names));
    this.source.onopen = () => {
      this.isOpen = true;
      this.heardAt = clock();
      to.opened(this);
    };
    this.source.onerror = () => {
      this.isOpen = false;
      to.failed(this, this.source.readyState === CLOSED);
    };
    for (const name of [...names, BEAT]) {
      this.source.addEventListener(name, ({ data, lastEventId }) => {
        const message = { kind: "message", name, data, lastEventId };
        this.heardAt = clock();
        if (name !== BEAT) this.last.set(name, message);
        to.told(this, message);
      });
    }
  }

  carries(names) {
    return names.every((name) => this.names.includes(name));
  }

  /** The last state of each of these channels, as far as one has come. */
  states(names) {
    return names.filter((name) => this.last.has(name)).map((name) => this.last.get(name));
  }

  close() {
    this.source.onopen = this.source.onerror = null;
    this.source.close();
    this.last.clear();
  }
}

/** Whether a message on this line is for whoever watches these channels. */
export const isFor = (names, { name }) => name === BEAT || names.includes(name);
