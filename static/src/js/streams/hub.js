/** One stream for all tabs of a browser: knows who watches what, and opens as few lines to the city as it can. */

import { elapsed } from "../elapsed.js";
import { isFor, Line, union } from "./line.js";

export class Hub {
  constructor({ connect = (url) => new EventSource(url), clock = elapsed } = {}) {
    this.means = { connect, clock };
    this.tabs = new Map(); // id: { id, names, tell, seen, line }
    this.shared = null; // the line of all who can share one
    this.next = null; // the one that takes its place as soon as it is open
    this.reader = null;
    this.since = -Infinity; // when the newest page was opened: by the clock of this hub, which nobody sets
  }

  /** What a tab says: "watch" with its channels, its reader and the age of its page; "alive"; "leave". */
  handle(message, tell) {
    const tab = this.tabs.get(message.id);
    if (message.kind === "leave") this.drop([tab].filter(Boolean));
    else if (message.kind === "watch") this.watch(message, tell);
    else if (tab) this.answer(tab);
    else tell({ id: message.id, kind: "error", closed: true }); // it slept too long
  }

  /** So that a tab notices when there is no hub any more. */
  answer(tab) {
    tab.seen = this.means.clock();
    this.tell([tab], { kind: "alive" });
  }

  watch({ id, names, reader, age }, tell) {
    if (!this.admits(reader, performance.now() - age)) return tell({ id, kind: "error", closed: true });
    const tab = { id, names, tell, seen: this.means.clock(), line: null };
    this.drop([this.tabs.get(id)].filter(Boolean));
    this.tabs.set(id, tab);
    if (!this.shared?.carries(names)) return this.grow();
    tab.line = this.shared;
    if (!tab.line.isOpen) return this.tell([tab], { kind: "error", closed: false });
    for (const message of [{ kind: "open" }, ...tab.line.states(names)]) this.tell([tab], message);
  }

  /** Only the reader whose page was opened last: the city answers the lines of this browser as that person's. */
  admits(reader, since) {
    if (reader !== this.reader) {
      if (since < this.since) return false;
      this.end([...this.tabs.values()]);
      this.reader = reader;
    }
    this.since = Math.max(since, this.since);
    return true;
  }

  /** Open a line that carries everybody, unless one is being opened: then again afterwards. */
  grow() {
    const sharing = this.those((tab) => tab.line === null || tab.line === this.shared);
    const without = sharing.filter((tab) => tab.line === null);
    if (this.next || without.length === 0) return;
    this.next = this.line(union(sharing.map((tab) => tab.names)));
    for (const tab of without) tab.line = this.next;
  }

  opened(line) {
    if (line === this.next) {
      const before = this.shared;
      [this.shared, this.next] = [line, null];
      before?.close();
      for (const tab of this.those((each) => each.line === null || each.line === before)) {
        tab.line = line.carries(tab.names) ? line : null;
      }
    }
    this.tell(this.on(line), { kind: "open" });
    this.grow();
  }

  failed(line, closed) {
    const tabs = this.on(line);
    if (!closed) return this.tell(tabs, { kind: "error", closed: false }); // the browser tries again by itself
    const together = line === this.next && (this.shared !== null || tabs.length > 1);
    if (line === this.next) this.next = null;
    if (line === this.shared) this.shared = null;
    line.close();
    if (!together) return this.end(tabs);
    for (const tab of tabs) tab.line = this.line(tab.names); // one bad channel must not starve the others
  }

  told(line, message) {
    this.tell(this.on(line).filter((tab) => isFor(tab.names, message)), message);
  }

  /** They are told that it is over: whoever still wants to watch asks again. */
  end(tabs) {
    this.tell(tabs, { kind: "error", closed: true });
    this.drop(tabs);
  }

  drop(tabs) {
    for (const { id } of tabs) this.tabs.delete(id);
    const unused = new Set(tabs.map((tab) => tab.line));
    if (this.tabs.size === 0) unused.add(this.next);
    for (const line of [...unused].filter((each) => each && this.on(each).length === 0)) {
      line.close();
      if (line === this.next) this.next = null;
      if (line === this.shared) this.shared = null;
    }
  }

  line = (names) => new Line(names, this, this.means);
  those = (which) => [...this.tabs.values()].filter(which);
  on = (line) => this.those((tab) => tab.line === line);
  tell = (tabs, message) => tabs.forEach(({ id, tell }) => tell({ ...message, id }));
}
