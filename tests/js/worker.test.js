// The service worker's memory: whose pages it holds, which it keeps, and how it forgets. With caches that live in a map.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FakeCaches, ORIGIN } from "./phone.js";

const DAY = 24 * 3600 * 1000;

const ask = (path) => new Request(ORIGIN + path);

function page(words, headers = {}, age = 0) {
  const made = new Date(Date.now() - age).toUTCString();
  return new Response(`<p data-offline-note hidden>07.00</p><h1>${words}</h1>`, { headers: { Date: made, ...headers } });
}

const own = (words, tag, age) => page(words, { "X-User-Tag": tag, "X-Keep": "1" }, age);

let owner;
let pages;
beforeEach(async () => {
  globalThis.caches = new FakeCaches();
  owner = await import("../../service_worker/owner.js");
  pages = await import("../../service_worker/pages.js");
});

const texts = async (path) => (await pages.readable(ask(path)))?.text();

/** The reader opens an address, and this is what the network answers; resolves when all that follows is done. */
async function sees(path, answer, times) {
  const works = [];
  globalThis.fetch = typeof answer === "function" ? answer : async () => answer;
  const shown = await pages.open({ request: ask(path), waitUntil: (work) => works.push(work) }, times);
  const text = await shown.text();
  await Promise.all(works);
  return text;
}

test("a page that the city marks can be read by its reader, with its hour", async () => {
  await owner.notice(own("A-12", "siti"));
  await sees("/dokter/tickets/A", own("A-12", "siti"));
  assert.match(await texts("/dokter/tickets/A"), /data-offline-note>07.00.*A-12/);
});

test("a page that is not marked, is an answer to something else or a fault is not kept", async () => {
  await owner.notice(own("A-12", "siti"));
  const faulty = new Response("x", { status: 503, headers: { "X-User-Tag": "siti", "X-Keep": "1" } });
  for (const answer of [page("Akun", { "X-User-Tag": "siti" }), page("Depan", { "X-Anon": "1" }), faulty]) {
    await sees("/x", answer);
    await owner.notice(own("A-12", "siti"));
  }
  assert.equal(await texts("/x"), undefined);
});

for (const [who, answer] of [
  ["another person", () => page("Halo Budi", { "X-User-Tag": "budi" })],
  ["nobody", () => page("Masuk", { "X-Anon": "1" })],
]) {
  test(`what was kept is gone before a page for ${who} is shown`, async () => {
    await owner.notice(own("A-12", "siti"));
    await sees("/dokter/tickets/A", own("A-12", "siti"));
    await owner.notice(answer());
    assert.deepEqual((await caches.keys()).filter((name) => name.startsWith("private-")), []);
    assert.equal(await texts("/dokter/tickets/A"), undefined);
  });
}

test("at any change of person, and when somebody signs out, the browser is told nothing any more", async () => {
  let ended = 0;
  const subscription = { unsubscribe: async () => (ended += 1) };
  globalThis.registration = { pushManager: { getSubscription: async () => subscription } };
  try {
    await owner.notice(own("A-12", "siti"));
    ended = 0;
    await owner.notice(own("A-13", "siti"));
    assert.equal(ended, 0, "she stays");
    await owner.notice(page("Halo Budi", { "X-User-Tag": "budi" }));
    await owner.notice(page("Masuk", { "X-Anon": "1" }));
    await owner.forget();
    assert.equal(ended, 3);
  } finally {
    delete globalThis.registration;
  }
});

test("an answer that says nothing of its reader changes nothing", async () => {
  await owner.notice(own("A-12", "siti"));
  await owner.notice(new Response("gambar"));
  assert.equal(await owner.owner(), "siti");
});

test("a page that was kept while somebody signed out is not left behind", async () => {
  await owner.notice(own("A-12", "siti"));
  await Promise.all([sees("/dokter/tickets/A", own("A-12", "siti")), owner.forget()]);
  await owner.notice(page("Masuk", { "X-Anon": "1" }));
  assert.equal(await texts("/dokter/tickets/A"), undefined);
});

test("a page whose reader signs out while it is being kept is deleted as one, not with the whole cache", async () => {
  await owner.notice(own("A-12", "siti"));
  const cache = await caches.open("private-siti");
  const put = cache.put.bind(cache);
  cache.put = async (...given) => {
    await put(...given); // in another tab all was deleted before this, and now she is forgotten
    await (await caches.open("owner")).put("/owner", new Response(""));
  };
  await sees("/dokter/tickets/A", own("A-12", "siti"));
  assert.deepEqual([cache.entries.size, await caches.has("private-siti")], [0, false]);
});

test("after a week a page is old and deleted", async () => {
  await owner.notice(own("A-12", "siti"));
  await sees("/a", own("A", "siti", 6 * DAY));
  await sees("/b", own("B", "siti", 8 * DAY));
  await pages.dropOld();
  assert.match(await texts("/a"), /A/);
  assert.equal(await texts("/b"), undefined);
});

test("the last twenty pages are kept; one that is seen again counts as new", async () => {
  await owner.notice(own("A", "siti"));
  for (let number = 0; number < 20; number++) await sees(`/${number}`, own(`nomor ${number}`, "siti"));
  await sees("/0", own("nomor 0", "siti"));
  await sees("/20", own("nomor 20", "siti"));
  assert.match(await texts("/0"), /nomor 0/);
  assert.equal(await texts("/1"), undefined);
  assert.match(await texts("/20"), /nomor 20/);
});

test("where the network is too slow the kept page comes, and the answer is heard when it comes", async () => {
  await owner.notice(own("A-12", "siti"));
  await sees("/a", own("lama", "siti"));
  const slow = () => new Promise((resolve) => setTimeout(() => resolve(own("baru", "siti")), 50));
  assert.match(await sees("/a", slow, { patience: 5 }), /lama/);
  assert.match(await texts("/a"), /baru/);
  const another = () => new Promise((resolve) => setTimeout(() => resolve(page("Budi", { "X-User-Tag": "budi" })), 50));
  assert.match(await sees("/a", another, { patience: 5 }), /baru/);
  assert.equal(await owner.owner(), "budi");
});

const apology = (status = 503, headers = { "X-Away": "1" }) => new Response("Sebentar", { status, headers });

test("where the city is away, though something in front of it answers, the kept page comes", async () => {
  await owner.notice(own("A-12", "siti"));
  await sees("/a", own("A-12", "siti"));
  for (const answer of [apology(), apology(502, {}), apology(504, {}), apology(503, {})]) {
    assert.match(await sees("/a", answer), /data-offline-note>07.00.*A-12/);
  }
  assert.match(await sees("/a", apology(500, {})), /Sebentar/, "a stumble is not that");
  assert.equal(await owner.owner(), "siti");
});

test("and without a copy: nobody's words are no page, the city's own are, unless this phone can draw it", async () => {
  await assert.rejects(sees("/never", apology()), /away/);
  assert.equal(await sees("/never", apology(503, {})), "Sebentar");
  await assert.rejects(sees("/outbox", apology(503, {}), { drawn: true }), /away/);
});

test("without a network and without a copy it is told", async () => {
  await assert.rejects(sees("/never", () => Promise.reject(new TypeError("luring"))), /luring/);
});

test("where nothing was kept and nobody answers it is said in the end", async () => {
  await assert.rejects(sees("/a", () => new Promise(() => {}), { longest: 5 }), /too slow/);
});

test("a phone that is full keeps nothing and shows what the network brings; with room again it keeps", async () => {
  await owner.notice(own("A-12", "siti"));
  const { open } = caches;
  caches.open = async (name) => Object.assign(await open.call(caches, name), { put: async () => { throw new Error("full"); } });
  assert.match(await sees("/a", page("Halo Budi", { "X-User-Tag": "budi", "X-Keep": "1" })), /Budi/);
  assert.equal(await owner.owner(), "", "nobody is better than the wrong one");
  globalThis.caches = new FakeCaches();
  await sees("/a", own("A", "siti"));
  assert.deepEqual([await owner.owner(), await texts("/a") !== undefined], ["siti", true]);
});

test("the list of what can be read leaves out what is too old to be shown", async () => {
  const { readablePages } = await import("../../static/src/js/readable.js");
  await owner.notice(own("A-12", "siti"));
  await sees("/a", own("A", "siti", 6 * DAY));
  await sees("/b", own("B", "siti", 8 * DAY));
  const found = await readablePages(caches, (html) => html.match(/<h1>(.*)<\/h1>/)[1]);
  assert.deepEqual(found, [{ href: "/a", title: "A" }]);
});

test("one answer of which no note could be taken does not stand in the way of the next", async () => {
  const { keys } = caches;
  caches.keys = async () => { throw new Error("the disk"); };
  await assert.rejects(owner.notice(own("A", "siti")), /the disk/);
  caches.keys = keys;
  await owner.notice(own("A", "siti"));
  assert.equal(await owner.owner(), "siti");
});
