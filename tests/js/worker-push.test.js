// The service worker's side of push: always shown, and a tap never leads out of the city.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

globalThis.__ICON__ = "/static/dist/icon.png";
const ORIGIN = "https://kota.contoh";
const MESSAGE = { title: "Binjai", text: "Silakan masuk.", tag: "abc", path: "/dokter/tickets/K7P-3QM" };

let push;
let shown;
const registration = { showNotification: async (title, look) => shown.push([title, look]) };
const data = (said) => ({ json: () => (typeof said === "string" ? JSON.parse(said) : said) });

beforeEach(async () => {
  shown = [];
  push = await import("../../service_worker/push.js");
});

test("a message is shown with its words, and takes the place of the one before on the same thing", async () => {
  await push.shown(data(MESSAGE), registration);
  const [[title, look]] = shown;
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

const aWindow = (did, how = {}) => ({
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
