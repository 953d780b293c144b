// The service worker's side of push: always shown, and a tap never leads out of the city.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { remember, wishOf } from "../../service_worker/wish.js";
import { answer } from "../../static/src/js/unsent.js";
import { FakeCaches } from "./phone.js";

globalThis.__ICON__ = "/static/dist/icon.png";
const ORIGIN = "https://kota.contoh";
const MESSAGE = { title: "Binjai", text: "Silakan masuk.", tag: "abc", path: "/dokter/tickets/K7P-3QM" };

let push;
let shown;
const registration = { showNotification: async (title, look) => shown.push([title, look]) };
const data = (said) => ({ json: () => (typeof said === "string" ? JSON.parse(said) : said) });

beforeEach(async () => {
  shown = [];
  globalThis.caches = new FakeCaches();
  push = await import("../../service_worker/push.js");
});

test("a message is shown with its words, and takes the place of the one before on the same thing", async () => {
  await push.shown(data(MESSAGE), registration);
  const [[title, look]] = shown;
  assert.equal(look.lang, "id");
  await push.shown(data({ ...MESSAGE, lang: "en" }), registration);
  assert.equal(shown[1][1].lang, "en", "for a voice that reads it aloud");
  assert.deepEqual([title, look.body, look.tag, look.renotify, look.data.path], ["Binjai", "Silakan masuk.", "abc", true, MESSAGE.path]);
});

for (const [what, said] of [["none", null], ["no JSON", data("{")], ["half a message", data({ title: "Binjai" })], ["a number", data(7)], ["nothing", data(null)]]) {
  test(`of ${what} something is shown all the same`, async () => {
    await push.shown(said, registration);
    const [[title, look]] = shown;
    assert.ok(title && look.body && look.tag);
  });
}

test("only paths of this site are opened", () => {
  assert.equal(push.ownUrl("/a?b=1", ORIGIN), `${ORIGIN}/a?b=1`);
  for (const path of ["https://evil.invalid/", "//evil.invalid", "javascript:alert(1)", "/\\evil.invalid", "http://[", null, undefined]) {
    assert.equal(push.ownUrl(path, ORIGIN), `${ORIGIN}/inbox`, String(path));
  }
});

function aTap(windows) {
  const did = [];
  const clients = { matchAll: async () => windows(did), openWindow: async (url) => did.push(["open", url]) };
  const notification = { data: { path: "/t" }, close: () => did.push("close") };
  return { did, done: push.opened(notification, { clients, location: { origin: ORIGIN } }) };
}

/** One that says that nothing in it is unsent; `says` null: it does not answer. */
const aWindow = (did, { says = false, ...how } = {}) => ({
  url: `${ORIGIN}/`,
  postMessage: (word, [port]) => word === "unsent" && says !== null && port.postMessage(says),
  focus: async () => did.push("focus"),
  navigate: async (url) => did.push(["navigate", url]),
  ...how,
});
const refuses = async () => {
  throw new TypeError("not mine");
};

test("a tap closes it and leads an open window there", async () => {
  const { did, done } = aTap((did) => [aWindow(did), aWindow(did)]);
  await done;
  assert.deepEqual(did, ["close", "focus", ["navigate", `${ORIGIN}/t`]]);
});

test("without a window one is opened; also where the open one does not obey", async () => {
  for (const windows of [() => [], (did) => [aWindow(did, { navigate: refuses, focus: refuses })]]) {
    const { did, done } = aTap(windows);
    await done;
    assert.deepEqual(did, ["close", ["open", `${ORIGIN}/t`]]);
  }
});

for (const [what, says] of [["something unsent", true], ["something that does not answer", null]]) {
  test(`a window with ${what} in it is left alone, and another is opened`, async () => {
    const { did, done } = aTap((did) => [aWindow(did, { says })]);
    await done;
    assert.deepEqual(did, ["close", ["open", `${ORIGIN}/t`]]);
  });
}

test("of several windows the one that shows the page is taken: drawn anew, but not over something unsent", async () => {
  for (const [says, anew] of [[false, [["navigate", `${ORIGIN}/t`]]], [true, []]]) {
    const { did, done } = aTap((did) => [
      aWindow(did, { navigate: refuses }),
      aWindow(did, { url: `${ORIGIN}/t#pesan`, says }),
    ]);
    await done;
    assert.deepEqual(did, ["close", "focus", ...anew]);
  }
});

test("a page answers that question, and no other", async () => {
  const [workers, heard] = [new EventTarget(), []];
  const page = { body: { dataset: {} }, querySelectorAll: () => [{ type: "text", value: "Jalan", defaultValue: "" }] };
  answer(workers, page);
  const port = { postMessage: (said) => heard.push(said) };
  for (const data of [{ outbox: { sent: 1 } }, "unsent"]) {
    workers.dispatchEvent(Object.assign(new Event("message"), { data, ports: [port] }));
  }
  assert.deepEqual(heard, [true]);
});

test("unsubscribing never fails and never waits for a browser that does not answer", async () => {
  let gone = false;
  const manager = { getSubscription: async () => ({ unsubscribe: async () => (gone = true) }) };
  await push.unsubscribe({ pushManager: manager });
  assert.equal(gone, true);
  await push.unsubscribe({ pushManager: { getSubscription: async () => null } });
  await push.unsubscribe({ pushManager: { getSubscription: refuses } });
  await push.unsubscribe(undefined);
  await push.unsubscribe({ pushManager: { getSubscription: () => new Promise(() => {}) } }, 5);
});

test("it forgets, too, who wanted to be told", async () => {
  await remember("siti", "a-mark");
  assert.equal(await wishOf("siti"), "a-mark");
  await push.unsubscribe(undefined);
  assert.equal(await wishOf("siti"), undefined);
});
