// One stream for all tabs: who hears what on how many lines. With lines that are opened and refused by hand.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Hub } from "../../static/src/js/streams/hub.js";
import { addressOf, namesIn, union } from "../../static/src/js/streams/line.js";
import { Sources } from "../../static/src/js/streams/sources.js";
import { sweep } from "../../static/src/js/streams/sweep.js";

class FakeEventSource extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.readyState = 0;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  breaks({ refused = false } = {}) {
    this.readyState = refused ? 2 : 0;
    this.onerror?.();
  }
  says(name, data) {
    this.dispatchEvent(Object.assign(new MessageEvent(name, { data })));
  }
  close() {
    this.closed = true;
  }
}

let lines;
let now;
let hub;
beforeEach(() => {
  lines = [];
  now = 0;
  const connect = (url) => lines[lines.push(new FakeEventSource(url)) - 1];
  hub = new Hub({ connect, clock: () => now });
});

const present = () => lines.filter((line) => !line.closed);
const watched = (line) => namesIn(line.url);

/** A tab that watches these; returns what it is told, shortened. */
function tab(id, names, { reader = "siti", since = 1 } = {}) {
  const heard = [];
  const tell = (message) => heard.push(message.name ? `${message.name}: ${message.data}` : message.closed ? "over" : message.kind);
  hub.handle({ kind: "watch", id, names, reader, since }, tell);
  return heard;
}

test("names are united once each, in one order, and an address names them again", () => {
  assert.deepEqual(union([["b", "a"], ["a", "c"]]), ["a", "b", "c"]);
  assert.equal(addressOf(["dokter-shift-1", "a"]), "/live?watch=dokter-shift-1&watch=a");
  assert.deepEqual(namesIn("/live?watch=dokter-shift-1&watch=a"), ["dokter-shift-1", "a"]);
});

test("eight tabs that watch one channel have one line, and each hears it", () => {
  const heard = Array.from({ length: 8 }, (_none, id) => tab(id, ["a"]));
  assert.equal(lines.length, 1);
  lines[0].opens();
  lines[0].says("a", "29");
  for (const each of heard) assert.deepEqual(each.slice(-2), ["open", "a: 29"]);
});

test("each hears its own channels and the beat, no others", () => {
  tab(1, ["a"]);
  lines[0].opens();
  const second = tab(2, ["b"]);
  lines[1].opens();
  for (const name of ["a", "b", "beat"]) lines[1].says(name, "x");
  assert.deepEqual(second, ["open", "b: x", "beat: x"]);
});

test("a tab that joins hears the last state at once, but no old beat", () => {
  tab(1, ["a", "b"]);
  lines[0].opens();
  for (const said of ["28", "29"]) lines[0].says("a", said);
  lines[0].says("beat", "07.00");
  assert.deepEqual(tab(2, ["a"]), ["open", "a: 29"]);
  assert.equal(lines.length, 1);
});

test("a new channel opens a larger line first, then ends the smaller", () => {
  tab(1, ["a"]);
  lines[0].opens();
  tab(2, ["b"]);
  assert.deepEqual([watched(lines[1]), lines[0].closed], [["a", "b"], undefined]);
  lines[1].opens();
  assert.deepEqual(present(), [lines[1]]);
});

test("whoever comes while a line is being opened is carried by the next", () => {
  tab(1, ["a"]);
  const [second, third] = [tab(2, ["b"]), tab(3, ["c"])];
  assert.equal(lines.length, 1);
  lines[0].opens();
  assert.deepEqual(watched(lines[1]), ["a", "b", "c"]);
  lines[1].opens();
  assert.deepEqual([present().length, second, third], [1, ["open"], ["open"]]);
});

test("a channel that is refused does not starve the others", () => {
  const first = tab(1, ["a"]);
  lines[0].opens();
  const second = tab(2, ["nothing"]);
  lines[1].breaks({ refused: true });
  assert.deepEqual(watched(lines[2]), ["nothing"]);
  lines[2].breaks({ refused: true });
  lines[0].says("a", "29");
  assert.deepEqual([first, second, present()], [["open", "a: 29"], ["over"], [lines[0]]]);
});

test("nor when they are asked for in the same moment", () => {
  const first = tab(1, ["a"]);
  const [second, third] = [tab(2, ["b"]), tab(3, ["nothing"])];
  lines[0].opens();
  lines[1].breaks({ refused: true });
  for (const line of lines.slice(2)) watched(line)[0] === "nothing" ? line.breaks({ refused: true }) : line.opens();
  assert.deepEqual([first, second, third], [["open"], ["open"], ["over"]]);
});

test("a line that breaks is the browser's to mend, and all are told that it is cut", () => {
  const heard = [tab(1, ["a"]), tab(2, ["a"])];
  lines[0].opens();
  lines[0].breaks();
  assert.deepEqual(heard, [["open", "error"], ["open", "error"]]);
  assert.deepEqual(tab(3, ["a"]), ["error"], "also whoever comes meanwhile");
  lines[0].opens();
  assert.equal(lines.length, 1);
});

test("a refused line is over for all; the first who asks again opens the one for all", () => {
  const heard = [tab(1, ["a"]), tab(2, ["a"])];
  lines[0].opens();
  lines[0].breaks({ refused: true });
  assert.deepEqual(heard, [["open", "over"], ["open", "over"]]);
  tab(3, ["a"]);
  tab(4, ["a"]);
  assert.equal(present().length, 1);
});

test("the last to leave closes the line; those who left are told nothing", () => {
  const first = tab(1, ["a"]);
  tab(2, ["a"]);
  lines[0].opens();
  hub.handle({ kind: "leave", id: 1 });
  lines[0].says("a", "29");
  assert.deepEqual([first, lines[0].closed], [["open"], undefined]);
  hub.handle({ kind: "leave", id: 2 });
  assert.equal(lines[0].closed, true);
});

test("another reader's page ends the line of the one before, with all that was kept of it", () => {
  const siti = tab(1, ["a"]);
  lines[0].opens();
  lines[0].says("a", "of Siti");
  const budi = tab(2, ["a"], { reader: "budi", since: 2 });
  assert.deepEqual([siti.at(-1), lines[0].closed, budi], ["over", true, []]);
  lines[1].opens();
  assert.deepEqual(budi, ["open"]);
});

test("a page that is older than the present reader's gets nothing more", () => {
  tab(1, ["a"], { reader: "budi", since: 2 });
  lines[0].opens();
  lines[0].says("a", "of Budi");
  assert.deepEqual(tab(2, ["a"], { reader: "siti", since: 1 }), ["over"]);
  assert.equal(lines.length, 1);
});

test("who has gone without a word is forgotten after a while, who says that they live is not", () => {
  const [gone, there] = [tab(1, ["a"]), tab(2, ["a"])];
  lines[0].opens();
  now = 100000;
  hub.handle({ kind: "alive", id: 2 }, () => {});
  lines[0].says("beat", "x");
  now = 140000;
  lines[0].says("beat", "x");
  now = 151000;
  sweep(hub);
  lines[0].says("a", "29");
  assert.deepEqual([gone.at(-1), there.at(-1)], ["beat: x", "a: 29"]);
  const told = [];
  hub.handle({ kind: "alive", id: 1 }, (message) => told.push(message));
  assert.equal(told[0].closed, true, "if it was only asleep it asks anew");
});

test("a line that says nothing, not even the time, is dead though nobody closed it", () => {
  const heard = tab(1, ["a"]);
  lines[0].opens();
  now = 44000;
  sweep(hub);
  assert.deepEqual(heard, ["open"]);
  now = 46000;
  sweep(hub);
  assert.deepEqual([heard, lines[0].closed], [["open", "over"], true]);
});

test("what nobody watches any more is left out after a while", () => {
  tab(1, ["a"]);
  tab(2, ["b"]);
  lines[0].opens();
  lines[1].opens();
  hub.handle({ kind: "leave", id: 2 });
  const wasteful = sweep(hub);
  assert.deepEqual([wasteful, lines.length], [true, 2]);
  sweep(hub, wasteful);
  lines[2].opens();
  assert.deepEqual(present().map(watched), [["a"]]);
});

test("what htmx holds is like an EventSource: states, handlers, named messages; closed it leaves", () => {
  const said = [];
  const sources = new Sources("siti", 7);
  sources.attach((message) => said.push(message));
  const source = sources.create("/live?watch=a");
  const [watch] = said;
  assert.deepEqual([watch.kind, watch.names, watch.reader, watch.since], ["watch", ["a"], "siti", 7]);
  const heard = [];
  source.onopen = () => heard.push(`open ${source.readyState}`);
  source.onerror = () => heard.push(`error ${source.readyState}`);
  source.addEventListener("a", ({ data }) => heard.push(data));
  const tell = (message) => sources.receive({ id: watch.id, ...message });
  tell({ kind: "open" });
  tell({ kind: "message", name: "a", data: "29" });
  tell({ kind: "error", closed: false });
  source.close();
  tell({ kind: "open" });
  assert.deepEqual(heard, ["open 1", "29", "error 0"]);
  assert.deepEqual(said.slice(1), [{ kind: "leave", id: watch.id }]);
});

test("when the hub is another one, what is open is asked for anew; what is over is htmx's to renew", () => {
  const said = [];
  const sources = new Sources("siti", 7);
  const [lost, kept] = [sources.create("/live?watch=a"), sources.create("/live?watch=b")];
  lost.onerror = () => {};
  sources.receive({ id: lost.id, kind: "error", closed: true });
  assert.equal(lost.readyState, 2);
  sources.attach((message) => said.push(message.id));
  assert.deepEqual(said, [kept.id]);
});
