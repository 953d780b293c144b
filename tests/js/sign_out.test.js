// Signing out on a phone: forgotten at once, told to the city when there is a network, and nothing unsent lost unasked.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeCaches, ORIGIN, locks } from "./phone.js";

let box;
let owner;
let leaving;
let outbox;
let signing;
let heard;
let reader;

const AWAY = () => Promise.reject(new TypeError("luring"));

async function city(path, options) {
  if (path === "/session") return Response.json({ reader, token: "t" });
  heard.push([path, options.headers["X-CSRFToken"]]);
  if (path === "/sign-out") reader = "";
  return new Response(null, { status: 204 });
}

beforeEach(async () => {
  globalThis.caches = new FakeCaches();
  Object.defineProperty(globalThis, "navigator", { value: { locks: locks() }, configurable: true });
  globalThis.self = { clients: { matchAll: async () => [] }, registration: {} };
  Response.redirect = (to) => ({ to }); // Node wants a whole address
  heard = [];
  reader = "siti";
  globalThis.fetch = city;
  box = await import("../../service_worker/box.js");
  owner = await import("../../service_worker/owner.js");
  leaving = await import("../../service_worker/leaving.js");
  outbox = await import("../../service_worker/outbox.js");
  signing = await import("../../service_worker/sign_out.js");
  await owner.notice(new Response("", { headers: { "X-User-Tag": "siti" } }));
});

const press = (choice) => new Request(`${ORIGIN}/sign-out`, { method: "POST", body: new URLSearchParams(choice ? { outbox: choice } : {}) });
const leave = (choice) => signing.signOut(press(choice));
const wait = () => box.put("siti", { key: "k", title: "Pesan", to: "/write", page: "/", at: Date.now() }, new URLSearchParams("a=1"));

test("the city is told with the session's own token", async () => {
  assert.deepEqual(await leave(), { to: "/" });
  assert.deepEqual([heard, await owner.owner()], [[["/sign-out", "t"]], ""]);
});

test("without a network it is forgotten at once, and told before anything else is asked", async () => {
  globalThis.fetch = AWAY;
  await assert.rejects(leave(), /luring/);
  assert.equal(await owner.owner(), "");
  await assert.rejects(leaving.finish(), /luring/);
  globalThis.fetch = city;
  await leaving.finish();
  await leaving.finish();
  assert.deepEqual(heard, [["/sign-out", "t"]]);
});

test("with something unsent it asks first, and is still signed in", async () => {
  await wait();
  assert.deepEqual(await leave(), { to: "/outbox#leaving" });
  assert.deepEqual([heard, await owner.owner()], [[], "siti"]);
});

for (const [choice, left, sent] of [["send", 0, ["/write", "/sign-out"]], ["delete", 0, ["/sign-out"]], ["keep", 1, ["/sign-out"]]]) {
  test(`who chooses "${choice}" is signed out, and ${left} wait`, async () => {
    await wait();
    assert.deepEqual(await leave(choice), { to: "/" });
    assert.deepEqual([heard.map(([path]) => path), (await box.all("siti")).length], [sent, left]);
  });
}

test("what cannot be sent before signing out is not lost: it asks again", async () => {
  await wait();
  globalThis.fetch = AWAY;
  assert.deepEqual(await leave("send"), { to: "/outbox#unsent" });
  assert.deepEqual([await owner.owner(), (await box.all("siti")).length], ["siti", 1]);
});

for (const status of [403, 429, 500, 503]) {
  test(`a city that answers ${status} has not ended the session: it is told again`, async () => {
    globalThis.fetch = async (path, options) => (path === "/session" ? city(path, options) : new Response("", { status }));
    await assert.rejects(leave(), /still signed in/);
    assert.equal(await owner.owner(), "", "this phone has forgotten all the same");
    globalThis.fetch = city;
    await leaving.finish();
    assert.deepEqual(heard, [["/sign-out", "t"]]);
  });
}

test("what is kept for the next time does not go out in the session that was to end", async () => {
  await wait();
  globalThis.fetch = AWAY;
  await assert.rejects(leave("keep"), /luring/);
  globalThis.fetch = city;
  await outbox.flush();
  assert.deepEqual(heard.map(([path]) => path), ["/sign-out"]);
});

test("on a phone that is full everything private goes all the same, and the city hears of it", async () => {
  await (await caches.open("private-siti")).put("/tickets/A", new Response("A-017"));
  const { open } = caches;
  caches.open = async (name) => Object.assign(await open.call(caches, name), { put: async () => { throw new Error("full"); } });
  assert.deepEqual(await leave(), { to: "/" });
  assert.deepEqual([await owner.owner(), await caches.has("private-siti"), heard.length], ["", false, 1]);
});
