// One stream for all tabs: who hears what on how many lines. With lines that are opened and refused by hand.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { elapsed } from "../../static/src/js/elapsed.js";
import { Hub } from "../../static/src/js/streams/hub.js";
import { addressOf, namesIn, union } from "../../static/src/js/streams/line.js";
import { Sources } from "../../static/src/js/streams/sources.js";
import { byLeader, start } from "../../static/src/js/streams/start.js";
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

class Opened extends FakeEventSource {
  constructor(url) {
    super(url);
    lines.push(this);
  }
}

const connect = (url) => new Opened(url);
let lines;
let now;
let hub;
beforeEach(() => {
  lines = [];
  now = 0;
  hub = new Hub({ connect, clock: () => now });
});

afterEach(() => mock.reset());

const present = () => lines.filter((line) => !line.closed);
const watched = (line) => namesIn(line.url);

/** A tab that watches these; returns what it is told, shortened. */
function tab(id, names, { reader = "siti", since = 1 } = {}) {
  const heard = [];
  const tell = (message) => heard.push(message.name ? `${message.name}: ${message.data}` : message.closed ? "over" : message.kind);
  hub.handle({ kind: "watch", id, names, reader, age: performance.now() - since }, tell);
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

test("a clock that is set back hides neither a dead line nor another reader's page", () => {
  const wall = mock.method(Date, "now", () => 7_200_000);
  const steady = mock.method(performance, "now", () => 0);
  hub = new Hub({ connect });
  const siti = tab(1, ["a"], { reader: "siti", since: 0 });
  lines[0].opens();
  wall.mock.mockImplementation(() => 3_600_000);
  steady.mock.mockImplementation(() => 46_000);
  const budi = tab(2, ["a"], { reader: "budi", since: 40_000 });
  assert.deepEqual([siti, budi], [["open", "over"], []]);
  lines[1].opens();
  steady.mock.mockImplementation(() => 92_000);
  sweep(hub);
  assert.deepEqual(budi, ["open", "over"]);
});

test("while a machine sleeps the silence goes on, also where the steady clock stands still", () => {
  const wall = mock.method(Date, "now", () => 0);
  mock.method(performance, "now", () => 0);
  const before = elapsed();
  wall.mock.mockImplementation(() => 600_000);
  assert.equal(elapsed() - before, 600_000);
});

/** A page's sources, with what they said to the hub. */
function page(lost = () => {}) {
  const said = [];
  const sources = new Sources("siti");
  sources.attach((message) => said.push(message), lost);
  return { sources, said, asked: () => said.filter(({ kind }) => kind === "watch").map(({ id }) => id) };
}

test("what htmx holds is like an EventSource: states, handlers, named messages; closed it leaves", () => {
  const { sources, said } = page();
  const source = sources.create("/live?watch=a");
  const [watch] = said;
  assert.deepEqual([watch.kind, watch.names, watch.reader], ["watch", ["a"], "siti"]);
  const heard = [];
  source.onopen = () => heard.push(`open ${source.readyState}`);
  source.onerror = () => heard.push(`error ${source.readyState}`);
  source.addEventListener("a", ({ data }) => heard.push(data));
  const tell = (message) => sources.receive({ id: watch.id, ...message });
  tell({ kind: "open" });
  tell({ kind: "message", name: "a", data: "29" });
  tell({ kind: "alive" });
  tell({ kind: "error", closed: false });
  source.close();
  tell({ kind: "open" });
  assert.deepEqual(heard, ["open 1", "29", "error 0"]);
  assert.deepEqual(said.slice(1), [{ kind: "leave", id: watch.id }]);
});

test("a page says how old it is, so that the hub knows which was opened last", () => {
  const { sources, said } = page();
  mock.method(performance, "now", () => 1234);
  sources.create("/live?watch=a");
  assert.equal(said[0].age, 1234);
});

test("what is over is asked for again, once and after 1 to 8 s, and htmx is never told to do it", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const dice = mock.method(Math, "random");
  for (const [thrown, wait] of [[0, 1000], [0.5, 4500], [0.999, 7993]]) {
    const { sources, asked } = page();
    const source = sources.create("/live?watch=a");
    const states = [];
    source.onerror = () => states.push(source.readyState);
    dice.mock.mockImplementation(() => thrown);
    for (const _twice of [1, 2]) {
      sources.receive({ id: source.id, kind: "error", closed: true });
      dice.mock.mockImplementation(() => 0);
    }
    mock.timers.tick(wait - 1);
    assert.deepEqual(asked(), [source.id], "not yet");
    mock.timers.tick(1);
    assert.deepEqual(asked(), [source.id, source.id]);
    mock.timers.tick(60_000);
    assert.deepEqual([asked().length, states], [2, [0, 0]]);
  }
});

test("whoever is refused time and again asks less often, until it is open once more", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 0);
  const { sources, asked } = page();
  const source = sources.create("/live?watch=a");
  const refused = (wait) => {
    const before = asked().length;
    sources.receive({ id: source.id, kind: "error", closed: true });
    mock.timers.tick(wait - 1);
    assert.equal(asked().length, before, "not yet");
    mock.timers.tick(1);
    assert.equal(asked().length, before + 1);
  };
  [1000, 2000, 4000, 4000].forEach(refused);
  sources.receive({ id: source.id, kind: "open" });
  refused(1000);
});

test("nothing is asked for again that was closed, or asked for meanwhile", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sources, asked } = page();
  const [gone, kept] = [sources.create("/live?watch=a"), sources.create("/live?watch=b")];
  for (const { id } of [gone, kept]) sources.receive({ id, kind: "error", closed: true });
  gone.close();
  sources.again();
  mock.timers.tick(60_000);
  assert.deepEqual(asked(), [gone.id, kept.id, kept.id]);
});

test("a hub answers those who live; one that leaves them without an answer three times is gone", () => {
  const told = [];
  hub.handle({ kind: "watch", id: 1, names: ["a"], reader: "siti", age: 0 }, (message) => told.push(message.kind));
  hub.handle({ kind: "alive", id: 1 });
  assert.deepEqual(told, ["alive"]);

  let lost = 0;
  const { sources } = page(() => lost++);
  for (const _tick of [1, 2, 3, 4]) sources.alive();
  assert.equal(lost, 0, "nothing is open: nobody has to answer");
  const { id } = sources.create("/live?watch=a");
  for (const _tick of [1, 2]) sources.alive();
  sources.receive({ id, kind: "alive" });
  for (const _tick of [1, 2]) sources.alive();
  assert.equal(lost, 0);
  sources.alive();
  assert.equal(lost, 1);
  sources.attach(() => {}, () => lost++);
  for (const _tick of [1, 2]) sources.alive();
  assert.equal(lost, 1, "another hub has as much time");
});

/** Tabs of a browser without SharedWorkers. A frozen one takes part in nothing until it is thawed. */
function browser() {
  const tabs = [];
  let holder = null;
  let queue = [];
  const next = () => {
    holder = queue.shift() ?? null;
    holder?.lead();
  };
  const locksOf = (owner) => ({
    request: (_name, { steal }, lead) =>
      new Promise((_done, fail) => {
        const wish = { owner, lead, fail: () => fail(new DOMException("stolen", "AbortError")) };
        const loser = holder;
        if (steal) queue.unshift(wish);
        else queue.push(wish);
        if (steal || !holder) next();
        if (steal) loser?.fail();
      }),
  });
  class Channel {
    constructor() {
      this.late = [];
      tabs.push(this);
    }
    postMessage(data) {
      for (const each of tabs.filter((one) => one !== this)) each.frozen ? each.late.push(data) : each.onmessage({ data });
    }
    thaw() {
      this.frozen = false;
      for (const data of this.late.splice(0)) this.onmessage({ data });
    }
  }
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  Object.assign(globalThis, { window: { BroadcastChannel: Channel }, BroadcastChannel: Channel, document: {} });
  globalThis.EventSource = Opened;
  const open = () => {
    const sources = new Sources("siti");
    byLeader(sources, "streams", locksOf(sources));
    const source = sources.create("/live?watch=a");
    const heard = [];
    source.addEventListener("a", ({ data }) => heard.push(data));
    return { sources, heard, channel: tabs.at(-1) };
  };
  const close = ({ channel, sources }) => {
    tabs.splice(tabs.indexOf(channel), 1);
    queue = queue.filter(({ owner }) => owner !== sources);
    next();
  };
  return { open, close };
}

const settled = () => new Promise((done) => setImmediate(done));

const silently = (follower) => [1, 2, 3].forEach(() => follower.sources.alive());

test("a visible tab takes the lead from one that does not answer, which then ends its lines", async () => {
  const { open } = browser();
  const [leader, follower] = [open(), open()];
  lines[0].opens();
  lines[0].says("a", "28");
  leader.channel.frozen = true;
  document.visibilityState = "hidden";
  silently(follower);
  assert.equal(lines.length, 1, "a hidden one is about to be frozen itself");
  document.visibilityState = "visible";
  follower.sources.alive();
  lines[1].opens();
  lines[1].says("a", "29");
  assert.deepEqual([leader.heard, follower.heard], [["28"], ["28", "29"]]);

  lines[0].says("a", "28, as it was when it froze");
  assert.equal(follower.heard.at(-1), "29", "old news of the one that led are not believed");
  leader.channel.thaw();
  await settled();
  assert.deepEqual([present().length, leader.heard.at(-1)], [1, "29"]);
  lines[1].says("a", "30");
  assert.deepEqual([leader.heard.at(-1), follower.heard.at(-1)], ["30", "30"]);
});

test("one that answers keeps the lead", () => {
  const { open } = browser();
  document.visibilityState = "visible";
  const follower = [open(), open()][1];
  for (const _long of [1, 2, 3]) silently(follower);
  assert.equal(lines.length, 1);
});

test("one that lost the lead opens nothing for whoever asked meanwhile, and stands for it again", async () => {
  const { open, close } = browser();
  document.visibilityState = "visible";
  const [leader, follower] = [open(), open()];
  leader.channel.frozen = true;
  follower.sources.again();
  silently(follower);
  await settled();
  leader.channel.thaw();
  assert.deepEqual(present(), [lines[1]]);
  close(follower);
  lines.at(-1).opens();
  lines.at(-1).says("a", "31");
  assert.deepEqual([lines.length, leader.heard.at(-1)], [3, "31"]);
});

test("a SharedWorker that has died is started anew; one that never answers is given up", () => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const workers = [];
  globalThis.SharedWorker = class {
    constructor() {
      this.port = { watched: [], postMessage: ({ kind, id }) => kind === "watch" && this.port.watched.push(id), close() {} };
      workers.push(this);
    }
  };
  globalThis.document = { documentElement: { lang: "id" } };
  globalThis.window = { addEventListener() {} };
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  globalThis.EventSource = Opened;
  const htmx = {};
  start(htmx, { content: "streams.js", dataset: { reader: "siti" } });
  const { id } = htmx.createEventSource("/live?watch=a");
  const died = () => mock.timers.tick(45_000);
  for (const nth of [0, 1]) {
    workers[nth].port.onmessage({ data: { id, kind: "open" } });
    died();
  }
  assert.deepEqual(workers.map(({ port }) => port.watched), [[id], [id], [id]]);
  died();
  assert.deepEqual([workers.length, lines.length], [3, 1]);
});
