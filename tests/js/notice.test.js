// What is said at the top of the page when an answer cannot be put into its place.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { start } from "../../static/src/js/notice.js";

const LOST = "Tidak ada sambungan.";
const OURS = "<!doctype html><html><main><h1>Sebentar</h1><p>Coba lagi.</p></main></html>";

let said;
let body;

/** As much of a page as it takes: a place for the notice, and what is said where nothing came back. */
beforeEach(() => {
  said = null;
  body = new EventTarget();
  const place = { replaceWith: (notice) => { said = notice.textContent; } };
  const parts = { notice: place, live: { dataset: { lost: LOST } } };
  globalThis.document = Object.assign(new EventTarget(), {
    body,
    getElementById: (id) => parts[id],
    createElement: () => ({ setAttribute() {}, focus() {} }),
  });
  globalThis.DOMParser = class {
    parseFromString(html) {
      const main = /<main>(.*)<\/main>/s.exec(html)?.[1];
      const found = [...(main ?? "").matchAll(/<(h1|p)>(.*?)<\/\1>/gs)].map(([, , textContent]) => ({ textContent }));
      return { querySelector: () => (main ? { querySelectorAll: () => found } : null) };
    }
  };
  start();
});

function answered(status, responseText, { verb = "post", form } = {}) {
  const elt = { closest: () => form ?? null };
  const detail = { xhr: { status, responseText }, requestConfig: { verb }, elt, shouldSwap: true };
  body.dispatchEvent(Object.assign(new Event("htmx:beforeSwap"), { detail }));
  return detail.shouldSwap;
}

test("of a whole page the words are said, and it does not come into the place of a part", () => {
  assert.equal(answered(503, OURS), false);
  assert.equal(said, "Sebentar. Coba lagi.");
});

test("a page that we did not write says nothing of use: then it is said that nothing was sent", () => {
  assert.equal(answered(502, "<html><h1>502 Bad Gateway</h1></html>"), false);
  assert.equal(said, LOST);
});

test("in the form's own words, where it has some", () => {
  answered(502, "<html></html>", { form: { dataset: { lost: "Tanda tangan butuh sambungan." } } });
  assert.equal(said, "Tanda tangan butuh sambungan.");
});

test("a part is put into its place, and what nobody pressed says nothing", () => {
  assert.equal(answered(422, "<section>Isi dahulu</section>"), true);
  assert.equal(answered(503, OURS, { verb: "get" }), false);
  assert.equal(said, null);
});
