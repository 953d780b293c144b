// A newer worker: when the page asks for it, when it reloads, and what keeps it from doing so.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { nextNight, start as startNight } from "../../static/src/js/night.js";
import { isChanged, isUnsent, start as followForms } from "../../static/src/js/unsent.js";
import { reloadOnChange, takeOver, whenWaiting } from "../../static/src/js/update.js";

const WORKER = { postMessage() {} };

function phone({ controller = WORKER, ...worker } = {}) {
  const registration = Object.assign(new EventTarget(), { installing: null, waiting: null, ...worker });
  return { registration, workers: Object.assign(new EventTarget(), { controller }) };
}

/** The browser has fetched a new worker, and that one is ready. */
function arrives(registration) {
  registration.installing = new EventTarget();
  registration.dispatchEvent(new Event("updatefound"));
  const { installing } = registration;
  Object.assign(registration, { installing: null, waiting: WORKER });
  installing.dispatchEvent(new Event("statechange"));
}

function counter() {
  const count = () => (count.calls += 1);
  count.calls = 0;
  return count;
}

test("the first worker of a phone asks nobody and reloads nothing", () => {
  const [{ registration, workers }, offer, reload] = [phone({ controller: null }), counter(), counter()];
  whenWaiting(registration, workers, offer);
  reloadOnChange(workers, { unsent: () => false, reload }, new EventTarget());
  arrives(registration);
  workers.controller = WORKER;
  workers.dispatchEvent(new Event("controllerchange"));
  assert.deepEqual([offer.calls, reload.calls], [0, 0]);
});

test("a newer one is offered when it has come, and when it had come before", () => {
  const [{ registration, workers }, offer] = [phone(), counter()];
  whenWaiting(registration, workers, offer);
  assert.equal(offer.calls, 0);
  arrives(registration);
  assert.equal(offer.calls, 1);
  const before = phone({ waiting: WORKER });
  whenWaiting(before.registration, before.workers, offer);
  assert.equal(offer.calls, 2);
});

test("when it takes over the page reloads once", () => {
  const [{ workers }, reload] = [phone(), counter()];
  reloadOnChange(workers, { unsent: () => false, reload }, new EventTarget());
  for (let change = 0; change < 3; change++) workers.dispatchEvent(new Event("controllerchange"));
  assert.equal(reload.calls, 1);
});

test("the page does not reload in the way of somebody who goes to another one; after a download it does", () => {
  mock.timers.enable({ apis: ["Date"] });
  try {
    const [{ workers }, reload, view] = [phone(), counter(), new EventTarget()];
    reloadOnChange(workers, { unsent: () => false, reload }, view);
    view.dispatchEvent(new Event("beforeunload"));
    workers.dispatchEvent(new Event("controllerchange"));
    assert.equal(reload.calls, 0);
    mock.timers.tick(6000);
    workers.dispatchEvent(new Event("controllerchange"));
    assert.equal(reload.calls, 1);
  } finally {
    mock.timers.reset();
  }
});

test("a page with something unsent does not reload, whoever asked for the new one", () => {
  const [{ workers }, reload] = [phone(), counter()];
  reloadOnChange(workers, { unsent: () => true, reload }, new EventTarget());
  workers.dispatchEvent(new Event("controllerchange"));
  assert.equal(reload.calls, 0);
});

test("the one that waits is told to skip; where another tab has done that, only the page is renewed", () => {
  const [told, reload] = [[], counter()];
  takeOver({ waiting: { postMessage: (word) => told.push(word) } }, reload);
  assert.deepEqual([told, reload.calls], [["skip"], 0]);
  takeOver({ waiting: null }, reload);
  assert.equal(reload.calls, 1);
});

const option = (selected, defaultSelected) => ({ selected, defaultSelected });

for (const [what, control, changed] of [
  ["an empty field", { type: "text", value: "", defaultValue: "" }, false],
  ["a field that the page brought", { type: "text", value: "Siti", defaultValue: "Siti" }, false],
  ["a field that was typed in", { type: "textarea", value: "Jalan", defaultValue: "" }, true],
  ["a box as it came", { type: "checkbox", checked: true, defaultChecked: true }, false],
  ["a choice that was made", { type: "radio", checked: true, defaultChecked: false }, true],
  ["no file", { type: "file", files: [] }, false],
  ["a file", { type: "file", files: [{}] }, true],
  ["a list that nobody touched", { type: "select-one", options: [option(true, false), option(false, false)] }, false],
  ["a list as it came", { type: "select-one", options: [option(false, false), option(true, true)] }, false],
  ["a list that was changed", { type: "select-one", options: [option(false, false), option(true, false)] }, true],
  ["an empty list", { type: "select-one", options: [] }, false],
]) {
  test(`${what} ${changed ? "would be lost" : "is nothing to lose"}`, () => assert.equal(isChanged(control), changed));
}

/** htmx has had an answer to a form that has `controls` to fill in. */
const answeredIn = (body, controls) => (verb, successful) => {
  const elt = { querySelector: () => controls[0] ?? null };
  body.dispatchEvent(Object.assign(new Event("htmx:afterRequest"), { detail: { requestConfig: { verb, elt }, successful } }));
};

test("a press that failed with nothing filled in is nothing to lose, and changes nothing for a form that was turned down", () => {
  const body = Object.assign(new EventTarget(), { dataset: {} });
  const page = { body, querySelectorAll: () => [] };
  followForms(body);
  const [form, button] = [answeredIn(body, [{}]), answeredIn(body, [])];
  form("post", true); // whatever a story before this one has left
  button("post", false);
  assert.equal(isUnsent(page), false);
  form("post", false);
  button("post", true);
  assert.equal(isUnsent(page), true);
  form("post", true);
});

test("a form that was turned down holds what was typed, until it is accepted; so does a page that answers one", () => {
  const body = Object.assign(new EventTarget(), { dataset: {} });
  const page = { body, querySelectorAll: () => [] };
  const answered = answeredIn(body, [{}]);
  followForms(body);
  assert.equal(isUnsent(page), false);
  answered("post", false);
  answered("get", true);
  assert.equal(isUnsent(page), true);
  answered("post", true);
  assert.equal(isUnsent(page), false);
  body.dataset.sent = "";
  assert.equal(isUnsent(page), true);
});

for (const [at, next] of [
  ["2026-11-24T01:00:00Z", "2026-11-24T20:00:00Z"], // eight in the morning
  ["2026-11-24T19:59:00Z", "2026-11-24T20:00:00Z"], // a minute before three
  ["2026-11-24T20:00:00Z", "2026-11-25T20:00:00Z"], // three: the next time is tomorrow
]) {
  test(`at ${at} the next three at night in Binjai is ${next}`, () => {
    assert.equal(new Date(nextNight(Date.parse(at), 420)).toISOString(), next.replace("Z", ".000Z"));
  });
}

// --- a screen at night

const [MINUTE, HOUR] = [60000, 3600000];
const THREE = Date.parse("2026-11-24T20:00:00Z"); // in Binjai

/** A wall an hour before three; `finds` is what the browser comes upon when it looks for a newer build. */
function aWall(test, { shown = true, finds = () => {} } = {}) {
  const wall = { time: THREE - HOUR, shown, finds, looks: 0, taken: false, registration: phone().registration };
  wall.newer = { postMessage: (word) => (wall.taken = word === "skip") };
  wall.registration.update = async () => {
    wall.looks += 1;
    await wall.finds(wall.registration);
    return wall.registration;
  };
  mock.timers.enable({ apis: ["setInterval"] });
  test.after(() => mock.timers.reset());
  const workers = { getRegistration: async () => wall.registration };
  startNight(() => wall.time, 420, async () => (wall.shown ? {} : null), workers);
  wall.waits = async (time) => {
    for (let passed = 0; passed < time; passed += 30000) {
      wall.time += 30000;
      mock.timers.tick(30000);
      await new Promise(setImmediate);
    }
  };
  return wall;
}

test("a screen takes what waits, at three and not before", async (t) => {
  const wall = aWall(t);
  wall.registration.waiting = wall.newer;
  await wall.waits(HOUR - MINUTE);
  assert.deepEqual([wall.looks, wall.taken], [0, false]);
  await wall.waits(15 * MINUTE);
  assert.equal(wall.taken, true);
});

test("what it finds only then is waited for until it is ready", async (t) => {
  const wall = aWall(t);
  const installing = new EventTarget();
  wall.finds = (registration) => Object.assign(registration, { installing });
  await wall.waits(HOUR + 11 * MINUTE);
  assert.equal(wall.taken, false);
  Object.assign(wall.registration, { installing: null, waiting: wall.newer });
  installing.dispatchEvent(new Event("statechange"));
  await new Promise(setImmediate);
  assert.equal(wall.taken, true);
});

test("while the server does not show the page nothing is taken; it is tried again every few minutes", async (t) => {
  const wall = aWall(t, { shown: false });
  wall.registration.waiting = wall.newer;
  await wall.waits(3 * HOUR);
  assert.equal(wall.taken, false);
  assert.ok(wall.looks > 10, `${wall.looks} looks`);
  wall.shown = true;
  await wall.waits(6 * MINUTE);
  assert.equal(wall.taken, true);
});

test("a look in vain is no night's work either", async (t) => {
  const wall = aWall(t, { finds: async () => Promise.reject(new TypeError("away")) });
  await wall.waits(2 * HOUR);
  wall.finds = (registration) => Object.assign(registration, { waiting: wall.newer });
  await wall.waits(6 * MINUTE);
  assert.equal(wall.taken, true);
});

test("after a night with nothing new, what comes by day waits for the next night", async (t) => {
  const wall = aWall(t);
  await wall.waits(2 * HOUR);
  assert.equal(wall.looks, 1);
  arrives(wall.registration);
  wall.registration.waiting = wall.newer;
  await wall.waits(22 * HOUR);
  assert.equal(wall.taken, false);
  await wall.waits(HOUR + 11 * MINUTE);
  assert.equal(wall.taken, true);
});
