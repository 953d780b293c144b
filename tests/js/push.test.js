// «Tell me»: which state it is in, what it asks of the browser, and what it tells the city.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { beforeEach, test } from "node:test";
import { wishOf } from "../../service_worker/wish.js";
import { ask, begin, markOf, pressed, renewed, settle, stateOf } from "../../static/src/js/push.js";
import { FakeCaches } from "./phone.js";

const KEY = "BAAB_-9x"; // what the city calls itself, in the letters of addresses
const RAW = Uint8Array.from([4, 0, 1, 255, 239, 113]);
const TOLD = { endpoint: "https://push.contoh/1", p256dh: "p", auth: "a" };

function aSubscription(endpoint = TOLD.endpoint, key = RAW) {
  const made = { options: { applicationServerKey: key.buffer }, unsubscribe: async () => (made.gone = true) };
  made.toJSON = () => ({ endpoint, keys: { p256dh: "p", auth: "a" } });
  return made;
}

function aBrowser({ answer = "granted", has = null, subscribe = async () => aSubscription(), permission = "default" } = {}) {
  const asked = [];
  const pushManager = { getSubscription: async () => has, subscribe: async (how) => asked.push(how) && subscribe(how) };
  const sent = [];
  return {
    asked,
    sent,
    crypto: webcrypto,
    htmx: { trigger: (form, name) => sent.push([name, form.elements.endpoint.value]) },
    navigator: { serviceWorker: { ready: Promise.resolve({ pushManager }) }, userAgent: "Chrome", maxTouchPoints: 5 },
    PushManager: class {},
    Notification: { permission, requestPermission: typeof answer === "function" ? answer : async () => answer },
  };
}

function aBell(mark = "", reader = "siti") {
  const names = ["on", "ask", "asking", "home", "unsupported", "denied", "late"];
  const parts = names.map((state) => ({ dataset: { state }, hidden: true }));
  const form = { elements: { endpoint: {}, p256dh: {}, auth: {} } };
  const shown = () => parts.filter((part) => !part.hidden).map((part) => part.dataset.state);
  const dataset = { key: KEY, mark, reader };
  return { hidden: true, isConnected: true, dataset, shown, querySelectorAll: () => parts, querySelector: () => form };
}

beforeEach(() => {
  globalThis.caches = new FakeCaches();
});

const never = () => new Promise(() => {});
const soon = (time) => new Promise((done) => setTimeout(done, time));

test("each browser has its state before anything is pressed, and nothing is asked", () => {
  const without = (name) => ({ ...aBrowser(), [name]: undefined });
  for (const name of ["PushManager", "Notification"]) {
    const browser = without(name);
    delete browser[name];
    assert.equal(stateOf(browser, false), "unsupported");
  }
  const phone = { navigator: { userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", maxTouchPoints: 5 } };
  const pad = { navigator: { userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X)", maxTouchPoints: 5 } };
  const mac = { navigator: { userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X)", maxTouchPoints: 0 } };
  assert.deepEqual([phone, pad, mac].map((browser) => stateOf(browser, false)), ["home", "home", "unsupported"]);
  assert.equal(stateOf(aBrowser({ permission: "denied" }), true), "denied");
  assert.equal(stateOf(aBrowser({ permission: "granted" }), true), "on");
  assert.equal(stateOf(aBrowser({ permission: "granted" }), false), "ask");
  assert.equal(stateOf(aBrowser({ permission: "default" }), true), "ask");
});

test("who says yes is subscribed with the city's key, and the city is told", async () => {
  const browser = aBrowser();
  assert.deepEqual(await ask(browser, KEY), TOLD);
  assert.equal(browser.asked[0].userVisibleOnly, true);
  assert.deepEqual([...browser.asked[0].applicationServerKey], [...RAW]);
});

test("who says no, or nothing, is not subscribed", async () => {
  for (const [answer, state] of [["denied", "denied"], ["default", "ask"]]) {
    const browser = aBrowser({ answer });
    assert.equal(await ask(browser, KEY), state);
    assert.deepEqual(browser.asked, []);
  }
});

test("a refusal by the browser, and one by its push service", async () => {
  const refused = (name) => async () => {
    throw Object.assign(new Error("no"), { name });
  };
  assert.equal(await ask(aBrowser({ subscribe: refused("NotAllowedError") }), KEY), "denied");
  assert.equal(await ask(aBrowser({ subscribe: refused("AbortError") }), KEY), "late");
});

test("a subscription to this key is kept; to an earlier key it is replaced", async () => {
  const [present, old] = [aSubscription(), aSubscription("https://push.contoh/old", Uint8Array.from([9]))];
  const [keeps, changes] = [aBrowser({ has: present }), aBrowser({ has: old })];
  assert.deepEqual([await ask(keeps, KEY), keeps.asked.length], [TOLD, 0]);
  assert.deepEqual([await ask(changes, KEY), changes.asked.length, old.gone], [TOLD, 1, true]);
});

test("a phone that does not answer is told so after a while, and its late answer counts", async () => {
  let say;
  const [bell, browser] = [aBell(), aBrowser({ subscribe: () => new Promise((done) => (say = done)) })];
  const done = pressed(bell, browser, 20);
  assert.deepEqual(bell.shown(), ["asking"]);
  while (bell.shown()[0] === "asking") await soon(5);
  assert.deepEqual(bell.shown(), ["late"]);
  say(aSubscription());
  await done;
  assert.deepEqual(browser.sent, [["subscribed", TOLD.endpoint]]);
});

test("a permission that is never given leaves nobody waiting either", async () => {
  const bell = aBell();
  pressed(bell, aBrowser({ answer: never }), 5);
  while (bell.shown()[0] === "asking") await soon(5);
  assert.deepEqual(bell.shown(), ["late"]);
});

test("where the city knows this browser nothing is sent; where it knows an old one, the new one is", async () => {
  const mark = await markOf(TOLD.endpoint, webcrypto);
  const browser = aBrowser({ has: aSubscription(), permission: "granted" });
  assert.equal(await renewed(browser, KEY, mark), null);
  assert.deepEqual(await renewed(browser, KEY, "of another"), TOLD);
  for (const [known, sent] of [[mark, 0], ["of another", 1]]) {
    const [bell, one] = [aBell(known), aBrowser({ has: aSubscription(), permission: "granted" })];
    await begin(bell, one);
    assert.deepEqual([bell.shown(), one.sent.length], [["on"], sent]);
  }
});

test("what was switched off is not switched on again by itself", async () => {
  const [bell, browser] = [aBell(), aBrowser({ has: aSubscription(), permission: "granted" })];
  await begin(bell, browser);
  assert.deepEqual([bell.shown(), browser.sent, browser.asked], [["ask"], [], []]);
});

/** She is told on this phone, and the phone has kept that in mind. */
async function isTold(reader = "siti") {
  const mark = await markOf(TOLD.endpoint, webcrypto);
  await begin(aBell(mark, reader), aBrowser({ has: aSubscription(), permission: "granted" }));
  assert.equal(await wishOf(reader), mark);
}

const other = { subscribe: async () => aSubscription("https://push.contoh/2"), permission: "granted" };

test("a phone that the push service has dropped is subscribed anew at the next visit", async () => {
  await isTold();
  const [bell, browser] = [aBell(), aBrowser(other)];
  await begin(bell, browser);
  assert.deepEqual(browser.sent, [["subscribed", "https://push.contoh/2"]]);
});

test("so it is where the city has another key by now", async () => {
  await isTold();
  const old = aSubscription(TOLD.endpoint, Uint8Array.from([9]));
  for (const mark of [await markOf(TOLD.endpoint, webcrypto), ""]) {
    const browser = aBrowser({ has: old, ...other });
    await begin(aBell(mark), browser);
    assert.deepEqual([old.gone, browser.sent], [true, [["subscribed", "https://push.contoh/2"]]]);
  }
});

test("not where she has said «off», here or on another phone, nor where it is somebody else's or may not", async () => {
  await isTold();
  await settle(aBell(), aBrowser());
  assert.equal(await wishOf("siti"), undefined);
  for (const [bell, has, permission] of [
    [aBell(), aSubscription(), "granted"], // the browser has it still: she has switched it off elsewhere
    [aBell("", "budi"), null, "granted"],
    [aBell(), null, "default"],
  ]) {
    await isTold();
    const browser = aBrowser({ ...other, has, permission });
    await begin(bell, browser);
    assert.deepEqual([browser.sent, browser.asked], [[], []]);
  }
});

test("what she has switched off elsewhere stays off, though the browser loses it afterwards", async () => {
  await isTold();
  await begin(aBell(), aBrowser({ has: aSubscription(), permission: "granted" }));
  const browser = aBrowser(other);
  await begin(aBell(), browser);
  assert.deepEqual(browser.sent, []);
});

test("what is pressed while an old page still asks the phone stands", async () => {
  await isTold();
  const [bell, browser] = [aBell(), aBrowser({ has: aSubscription(), permission: "granted" })];
  const asking = begin(bell, browser);
  bell.isConnected = false; // she has said yes meanwhile: the city has drawn another
  await asking;
  assert.equal(await wishOf("siti"), await markOf(TOLD.endpoint, webcrypto));
  assert.deepEqual(browser.sent, []);
});

test("a browser that gives no answer changes nothing of it", async () => {
  await isTold();
  const refuses = async () => Promise.reject(new TypeError("no network"));
  await begin(aBell(), aBrowser({ subscribe: refuses, permission: "granted" }));
  assert.ok(await wishOf("siti"));
});
