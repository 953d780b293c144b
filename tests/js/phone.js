// What a service worker finds on a telephone: caches that live in a map, locks that hold, a network that the test is.

export const ORIGIN = "https://kota.contoh";
const urlOf = (key) => new URL(typeof key === "string" ? key : key.url, ORIGIN).href;

class FakeCache {
  constructor() {
    this.entries = new Map();
  }
  async match(key) {
    return this.entries.get(urlOf(key))?.clone();
  }
  async put(key, response) {
    this.entries.set(urlOf(key), new Response(await response.arrayBuffer(), response)); // read to its end, as a browser does
  }
  async delete(key) {
    return this.entries.delete(urlOf(key));
  }
  async keys() {
    return [...this.entries.keys()].map((url) => new Request(url));
  }
}

export class FakeCaches {
  constructor() {
    this.all = new Map();
  }
  async open(name) {
    if (!this.all.has(name)) this.all.set(name, new FakeCache());
    return this.all.get(name);
  }
  async match(key, { cacheName }) {
    return this.all.get(cacheName)?.match(key);
  }
  async has(name) {
    return this.all.has(name);
  }
  async keys() {
    return [...this.all.keys()];
  }
  async delete(name) {
    return this.all.delete(name);
  }
}

/** Locks that let one in at a time; `off` is the control without them. */
export function locks({ off = false } = {}) {
  const turns = new Map();
  const held = new Set();
  const hold = async (name, work) => {
    held.add(name);
    try {
      return await work();
    } finally {
      held.delete(name);
    }
  };
  const request = (name, work) => {
    if (off) return work();
    const mine = (turns.get(name) ?? Promise.resolve()).then(() => hold(name, work));
    turns.set(name, mine.catch(() => {}));
    return mine;
  };
  return { request, query: async () => ({ held: [...held].map((name) => ({ name })) }) };
}
