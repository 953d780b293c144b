// Forms that wait on a phone: kept when the network is away, sent once each, in order, by their owner only.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeCaches, ORIGIN, locks } from "./phone.js";

const MINUTE = 60_000;
const DAY = 24 * 3600 * 1000;
const AWAY = () => Promise.reject(new TypeError("luring"));

let box;
let later;
let outbox;
let owner;
let told;
let received; // what the city got: [path, fields, token]

beforeEach(async () => {
  globalThis.caches = new FakeCaches();
  Object.defineProperty(globalThis, "navigator", { value: { locks: locks() }, configurable: true });
  told = [];
  received = [];
  const page = { postMessage: ({ outbox: news }) => told.push(news) };
  const registration = { sync: { register: async () => {} } };
  globalThis.self = { clients: { matchAll: async () => [page] }, registration };
  globalThis.fetch = AWAY;
  box = await import("../../service_worker/box.js");
  later = await import("../../service_worker/later.js");
  outbox = await import("../../service_worker/outbox.js");
  owner = await import("../../service_worker/owner.js");
  await owner.notice(new Response("", { headers: { "X-User-Tag": "siti" } }));
});

/** A press on a page: a form by htmx or, with null, by the browser itself. */
function form(fields, { key = "key-1", to = "/tickets/A/arrive", htmx = "true", more = "" } = {}) {
  const body = new URLSearchParams({ csrf_token: "old", idempotency_key: key, later: "Saya sudah tiba", ...fields });
  const headers = htmx ? { "HX-Request": htmx } : {};
  return sent(new Request(`${ORIGIN}${to}?later=siti${more}`, { method: "POST", body, headers }));
}

/** A request that knows from which page it comes, as in a browser. */
function sent(request) {
  Object.defineProperty(request, "referrer", { value: `${ORIGIN}/tickets/A` });
  const clone = request.clone.bind(request);
  request.clone = () => Object.defineProperty(clone(), "referrer", { value: request.referrer });
  return request;
}

/** A city that answers each form with a status; somebody is signed in there. */
function city(status = 204, reader = "siti", more = {}) {
  return async (path, options) => {
    if (path === "/session") return Response.json({ reader, token: `token of ${reader}` });
    const sent = await new Response(options.body, { headers: options.headers }).formData();
    received.push([path, Object.fromEntries(sent), options.headers["X-CSRFToken"]]);
    const answer = typeof status === "function" ? status(received.length) : status;
    return new Response(answer === 204 ? null : "<p class='error'>tidak bisa</p>", { status: answer, ...more });
  };
}

const waiting = async (reader = "siti") => (await box.all(reader)).map(({ key, state }) => [key, state]);

test("without a network a press is kept, and the page is told", async () => {
  const answer = await later.post(form({ room: "2" }));
  assert.deepEqual([answer.status, answer.headers.get("HX-Trigger-After-Settle")], [202, "outbox-kept"]);
  const [kept] = await box.all("siti");
  assert.deepEqual([kept.title, kept.to, kept.page, kept.editable], ["Saya sudah tiba", "/tickets/A/arrive", "/tickets/A", true]);
  assert.doesNotMatch(new TextDecoder().decode(await box.bytesOf("siti", "key-1")), /csrf_token/);
});

test("a form without htmx leads to the page of what waits", async () => {
  const { redirect } = Response;
  Response.redirect = (to, status) => ({ to, status }); // Node wants a whole address
  const answer = await later.post(form({}, { htmx: null }));
  Response.redirect = redirect;
  assert.deepEqual(answer, { to: "/outbox#kept", status: 303 });
});

for (const status of [502, 503, 504]) {
  test(`a city that answers ${status} is away, too`, async () => {
    globalThis.fetch = async () => new Response("", { status });
    assert.equal((await later.post(form({}))).status, 202);
  });
}

test("what the city answers, also a no, is given on and nothing is kept", async () => {
  globalThis.fetch = async () => new Response("penuh", { status: 409 });
  assert.equal((await later.post(form({}))).status, 409);
  assert.deepEqual(await waiting(), []);
});

test("a press that its page has stopped is not kept", async () => {
  const stopped = form({});
  Object.defineProperty(stopped, "signal", { value: { aborted: true } });
  await assert.rejects(later.post(stopped), /luring/);
  assert.deepEqual(await waiting(), []);
});

test("nobody's press is kept: it would belong to whoever signs in next", async () => {
  await owner.forget();
  await assert.rejects(later.post(form({})), /luring/);
});

test("a press on an old page is not kept for whoever has signed in since", async () => {
  await owner.notice(new Response("", { headers: { "X-User-Tag": "budi" } }));
  await assert.rejects(later.post(form({})), /luring/);
  assert.deepEqual([await waiting("siti"), await waiting("budi")], [[], []]);
});

const SAVE = { to: "/parts/location", more: "&overwrites" };

test("what overwrites takes the place of what waits for the same address, and goes out alone", async () => {
  await later.post(form({ street: "lama" }, { ...SAVE, key: "key-1" }));
  await later.post(form({ street: "lain" }, { to: "/parts/details", more: "&overwrites", key: "key-2" }));
  globalThis.fetch = city();
  assert.equal((await later.post(form({ street: "baru" }, { ...SAVE, key: "key-3" }))).status, 202);
  assert.deepEqual(received, [], "the older one did not go out before it");
  await outbox.flush();
  assert.deepEqual(received.map(([, { street }]) => street), ["lain", "baru"]);
});

test("what overwrites leaves alone what the city did not accept: nobody has looked at that yet", async () => {
  await later.post(form({ street: "lama" }, { ...SAVE, key: "key-1" }));
  globalThis.fetch = city(422);
  await outbox.flush();
  globalThis.fetch = AWAY;
  await later.post(form({ street: "baru" }, { ...SAVE, key: "key-2" }));
  assert.deepEqual(await waiting(), [["key-1", "rejected"], ["key-2", "waiting"]]);
});

test("what its owner takes out while it is being sent stays out", async () => {
  await later.post(form({}));
  const busy = city(503);
  globalThis.fetch = async (path, options) => {
    if (path !== "/session") await box.remove("siti", "key-1");
    return busy(path, options);
  };
  await assert.rejects(outbox.flush());
  assert.deepEqual(await waiting(), []);
});

const NEVER = () => new Promise(() => {});

for (const [what, pressed, kept] of [
  ["what nobody answers", () => form({}), 1],
  ["a file", () => sent(new Request(`${ORIGIN}/papers?later=siti`, { method: "POST", body: new FormData() })), 0],
]) {
  test(`${what} is ${kept ? "kept after 15 seconds" : "waited for"}`, async (story) => {
    globalThis.fetch = NEVER;
    story.mock.timers.enable({ apis: ["setTimeout"] });
    later.post(pressed());
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal((await waiting()).length, 0);
    story.mock.timers.tick(15_000);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal((await waiting()).length, kept);
  });
}

test("a file of more than 5 MB is not kept and not said to be", async () => {
  const body = new FormData();
  body.append("file", new File([new Uint8Array(5 * 1024 * 1024 + 1)], "ktp.jpg"));
  const request = new Request(`${ORIGIN}/papers?later=siti`, { method: "POST", body, headers: { "HX-Request": "true" } });
  assert.equal((await later.post(request)).status, 507);
  assert.deepEqual(await waiting(), []);
});

test("a file arrives as it was chosen", async () => {
  const body = new FormData();
  for (const [name, value] of [["idempotency_key", "key-1"], ["later", "KTP"]]) body.append(name, value);
  body.append("file", new File(["gambar"], "KTP Siti.jpg", { type: "image/jpeg" }));
  await later.post(sent(new Request(`${ORIGIN}/papers?later=siti`, { method: "POST", body, headers: { "HX-Request": "true" } })));
  globalThis.fetch = city();
  await outbox.flush();
  const [[, { file, later: title }]] = received;
  assert.deepEqual([file.name, file.type, await file.text(), title], ["KTP Siti.jpg", "image/jpeg", "gambar", "KTP"]);
});

test("two that wait are sent once each, oldest first, with a fresh token", async () => {
  await later.post(form({}, { key: "key-1" }));
  await new Promise((done) => setTimeout(done, 2));
  await later.post(form({}, { key: "key-2" }));
  globalThis.fetch = city();
  await outbox.flush();
  await outbox.flush();
  assert.deepEqual(received.map(([, { idempotency_key }, token]) => [idempotency_key, token]),
    [["key-1", "token of siti"], ["key-2", "token of siti"]]);
  assert.deepEqual([await waiting(), told.at(-1)], [[], { sent: 2 }]);
});

test("three that send at once send once; without the lock they do not", async () => {
  for (const [off, times] of [[false, 1], [true, 3]]) {
    Object.defineProperty(globalThis, "navigator", { value: { locks: locks({ off }) }, configurable: true });
    globalThis.fetch = AWAY;
    await later.post(form({}));
    received = [];
    globalThis.fetch = city();
    await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);
    assert.equal(received.length, times);
  }
});

test("a browser without locks sends, too, and once", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  await later.post(form({}));
  globalThis.fetch = city();
  await Promise.all([outbox.flush(), outbox.flush()]);
  assert.deepEqual([received.length, await waiting()], [1, []]);
  globalThis.fetch = AWAY;
  await later.post(form({}, { key: "key-2" }));
  await assert.rejects(outbox.flush());
  globalThis.fetch = city();
  await outbox.flush();
  assert.equal(received.length, 2, "one that failed does not stand in the way");
});

for (const [who, reader] of [["nobody is", ""], ["somebody else is", "budi"]]) {
  test(`while ${who} signed in it is kept for its owner`, async () => {
    await later.post(form({}));
    globalThis.fetch = city(204, reader);
    await outbox.flush();
    assert.deepEqual([received, await waiting()], [[], [["key-1", "waiting"]]]);
    globalThis.fetch = city();
    await outbox.flush();
    assert.equal(received.length, 1);
  });
}

test("a session that ends just then keeps it", async () => {
  await later.post(form({}));
  globalThis.fetch = city(401);
  await assert.rejects(outbox.flush());
  assert.deepEqual(await waiting(), [["key-1", "waiting"]]);
});

test("a no of the city is shown, and does not hold up what comes after it", async () => {
  await later.post(form({}, { key: "key-1" }));
  await new Promise((done) => setTimeout(done, 2));
  await later.post(form({}, { key: "key-2" }));
  globalThis.fetch = city((number) => (number === 1 ? 409 : 204));
  await outbox.flush();
  assert.deepEqual(await waiting(), [["key-1", "rejected"]]);
  assert.match((await box.all("siti"))[0].answer, /tidak bisa/);
  await outbox.flush();
  assert.equal(received.length, 2, "what was refused is not sent again by itself");
});

test("a busy city is left alone for a while, longer each time, and asked at once by hand", async (story) => {
  story.mock.timers.enable({ apis: ["Date"], now: 0 });
  await later.post(form({}));
  globalThis.fetch = city(429, "siti", { headers: { "Retry-After": "90" } });
  const asked = [];
  for (const minutes of [0, 1, 1, 1]) {
    story.mock.timers.tick(minutes * MINUTE);
    await assert.rejects(outbox.flush(), /must wait on/);
    asked.push(received.length);
  }
  assert.deepEqual(asked, [1, 1, 2, 2]);
  globalThis.fetch = city();
  await outbox.flush({ now: true });
  assert.deepEqual([received.length, await waiting()], [3, []]);
});

test("what the city cannot take now does not hold up what is for another address", async () => {
  await later.post(form({}, { key: "key-1", to: "/messages" }));
  await later.post(form({}, { key: "key-2", to: "/messages" }));
  globalThis.fetch = async (path, options) =>
    path === "/messages" ? received.push(["no"]) && new Response("", { status: 500 }) : city()(path, options);
  const there = globalThis.fetch;
  globalThis.fetch = AWAY;
  await later.post(form({}, { key: "key-3" }));
  globalThis.fetch = there;
  await assert.rejects(outbox.flush(), /must wait on/);
  assert.deepEqual(received.map(([path]) => path), ["no", "/tickets/A/arrive"], "and the younger message waits for the older");
  globalThis.fetch = async (request) => (request.url ? new Response("", { status: 200 }) : there(request));
  assert.equal((await later.post(form({}, { key: "key-4" }))).status, 200, "nor what is pressed now");
});

test("a form over which the city stumbles time and again is shown to its owner", async () => {
  await later.post(form({}));
  globalThis.fetch = city(500);
  for (let time = 0; time < 5; time++) await assert.rejects(outbox.flush({ now: true }));
  assert.deepEqual(await waiting(), [["key-1", "waiting"]]);
  await outbox.flush({ now: true });
  assert.deepEqual(await waiting(), [["key-1", "rejected"]]);
});

test("a file that does not get through is left for a while, and short forms go before it", async () => {
  const body = new FormData();
  for (const [name, value] of [["idempotency_key", "key-1"], ["later", "KTP"], ["file", new File(["x"], "ktp.jpg")]]) body.append(name, value);
  await later.post(sent(new Request(`${ORIGIN}/papers?later=siti`, { method: "POST", body, headers: { "HX-Request": "true" } })));
  await new Promise((done) => setTimeout(done, 2));
  await later.post(form({}, { key: "key-2" }));
  globalThis.fetch = async (path, options) => {
    if (path !== "/papers") return city()(path, options);
    received.push([path]);
    throw new DOMException("aborted", "AbortError");
  };
  await assert.rejects(outbox.flush(), /must wait on/);
  await assert.rejects(outbox.flush(), /must wait on/);
  assert.deepEqual(received.map(([path]) => path), ["/tickets/A/arrive", "/papers"], "and it is not tried again at once");
});

test("what is filled in anew while its older version is on its way is not lost", async () => {
  await later.post(form({ street: "lama" }, SAVE));
  globalThis.fetch = async (path, options) => {
    if (received.length === 0 && path === SAVE.to) {
      globalThis.fetch = AWAY;
      await later.post(form({ street: "baru" }, SAVE));
      globalThis.fetch = city();
    }
    return city()(path, options);
  };
  await outbox.flush();
  await outbox.flush();
  assert.deepEqual(received.map(([, { street }]) => street), ["lama", "baru"]);
});

test("what its owner is changing is not sent meanwhile", async () => {
  await later.post(form({ words: "lama" }));
  globalThis.fetch = city();
  let leave;
  const page = navigator.locks.request(box.changing("key-1"), () => new Promise((done) => { leave = done; }));
  await assert.rejects(outbox.flush(), /must wait on/);
  assert.deepEqual(received, []);
  leave();
  await page;
  await outbox.flush();
  assert.deepEqual([received.length, await waiting()], [1, []]);
});

test("what was changed takes the place of what waited, sent or kept", async () => {
  for (const [fetch, left] of [[AWAY, [["key-2", "waiting"]]], [async () => new Response("ok"), []]]) {
    globalThis.fetch = AWAY;
    await later.post(form({ words: "lama" }, { key: "key-1" }));
    globalThis.fetch = fetch;
    await later.post(form({ words: "baru", replaces: "key-1" }, { key: "key-2" }));
    assert.deepEqual(await waiting(), left);
    await box.clear("siti");
  }
});

test("what was changed and is refused leaves what waited as it was", async () => {
  await later.post(form({ words: "lama" }, { key: "key-1" }));
  globalThis.fetch = async () => new Response("tidak", { status: 409 });
  await later.post(form({ words: "baru", replaces: "key-1" }, { key: "key-2" }));
  assert.deepEqual(await waiting(), [["key-1", "waiting"]]);
});

test("what the city has saved though something is missing is sent, not refused", async () => {
  await later.post(form({}));
  globalThis.fetch = city(422, "siti", { headers: { "X-Saved": "1" } });
  await outbox.flush();
  assert.deepEqual([await waiting(), told.at(-1)], [[], { sent: 1 }]);
});

test("what was filled in before goes out before what is pressed now", async () => {
  await later.post(form({ name: "lama" }, { key: "key-1" }));
  globalThis.fetch = async (path, options) =>
    typeof path === "string" ? city()(path, options) : received.push(["now"]) && new Response(null, { status: 204 });
  await later.post(form({ name: "baru" }, { key: "key-2" }));
  assert.deepEqual(received.map(([path]) => path), ["/tickets/A/arrive", "now"]);
});

test("what was refused, mended and sent again is done with", async () => {
  await later.post(form({}));
  globalThis.fetch = city(422);
  await outbox.flush();
  globalThis.fetch = async () => new Response(null, { status: 204 });
  await later.post(form({}));
  assert.deepEqual(await waiting(), []);
});

test("after two weeks nothing is sent unseen, after a month nothing is left", async (story) => {
  story.mock.timers.enable({ apis: ["Date"], now: 0 });
  await later.post(form({}));
  story.mock.timers.tick(15 * DAY);
  globalThis.fetch = city();
  await outbox.flush();
  assert.deepEqual([received, await waiting()], [[], [["key-1", "rejected"]]]);
  await box.dropOlderThan(30 * DAY);
  assert.equal((await waiting()).length, 1);
  story.mock.timers.tick(16 * DAY);
  await box.dropOlderThan(30 * DAY);
  assert.deepEqual(await waiting(), []);
});
