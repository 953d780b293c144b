// A file on its way: how far it is in words, and photos that are made smaller before they travel.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asJpeg, fitting, smaller } from "../../static/src/js/shrink.js";
import { progressWords } from "../../static/src/js/upload.js";

const WORDS = { sending: "Mengunggah {n}", checking: "Memeriksa berkas…" };

test("how far the file is stands in words", () => {
  const said = [0, 60.4, 99.9, 100].map((percent) => progressWords(percent, WORDS));
  assert.deepEqual(said, ["Mengunggah 0 %", "Mengunggah 60 %", "Mengunggah 99 %", "Memeriksa berkas…"]);
});

test("the longer side fits and the shape stays", () => {
  assert.deepEqual(fitting(4000, 3000), [2000, 1500]);
  assert.deepEqual(fitting(3000, 4000), [1500, 2000]);
  assert.deepEqual(fitting(640, 480), [640, 480]);
  assert.deepEqual(fitting(9000, 1), [2000, 1]);
});

test("a photo that was drawn anew is called a JPEG", () => {
  assert.deepEqual(["IMG 1.HEIC", "ktp", "a.b.png"].map(asJpeg), ["IMG 1.jpg", "ktp.jpg", "a.b.jpg"]);
});

test("what is no photo travels as it is", async () => {
  for (const type of ["application/pdf", "image/svg+xml", "image/gif", ""]) {
    const file = { type, size: 5_000_000, name: "x" };
    assert.equal(await smaller(file), file);
  }
});

test("a photo that this browser cannot show travels as it is", async () => {
  globalThis.createImageBitmap = () => Promise.reject(new Error("unknown kind"));
  const file = { type: "image/heic", size: 5_000_000, name: "x.heic" };
  assert.equal(await smaller(file), file);
});

test("a small photo travels as it is", async () => {
  globalThis.createImageBitmap = () => Promise.resolve({ width: 1200, height: 900, close() {} });
  const file = { type: "image/jpeg", size: 400_000, name: "x.jpg" };
  assert.equal(await smaller(file), file);
});
