// build.mjs on a small tree of its own: names by content, one htmx, a worker that knows what to keep offline.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "../../build.mjs";

const NODE_MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const SOURCES = {
  "static/src/js/entries/app.js": 'import htmx from "htmx.org"; window.htmx = htmx',
  "static/src/js/entries/live.js": 'import "htmx-ext-sse"',
  "static/src/css/entries/citizen.css": '@import "../tokens.css"; body { color: var(--ink) }',
  "static/src/css/tokens.css": ":root { --ink: #221 }",
  "static/icons/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
  "static/icons/icon-192.png": "not really a picture",
  "service_worker/sw.js": "self.shell = __SHELL__; self.build = __BUILD__",
  "static/src/js/streams/worker.js": "self.onconnect = () => {}",
  "service_worker/kill.js": "self.registration.unregister()",
};

let root;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "build-test-"));
  fs.symlinkSync(NODE_MODULES, path.join(root, "node_modules"));
  for (const [file, text] of Object.entries(SOURCES)) write(file, text);
});

afterEach(() => fs.rmSync(root, { recursive: true }));

test("every entry and icon has a name in the manifest, and its file exists", async () => {
  const { files } = await build(root);
  for (const name of ["app.js", "live.js", "streams.js", "citizen.css", "icons/mark.svg", "icons/icon-192.png"]) {
    assert.ok(fs.existsSync(dist(files[name].file)), name);
  }
  assert.deepEqual(JSON.parse(read("static/dist/manifest.json")).files, files);
});

test("the same sources make the same build", async () => {
  assert.deepEqual(await build(root), await build(root));
});

test("a changed import changes the name of the style sheet and the build, and the old file stays", async () => {
  const before = await build(root);
  write("static/src/css/tokens.css", ":root { --ink: #332 }");
  const after = await build(root);
  assert.notEqual(after.files["citizen.css"].file, before.files["citizen.css"].file);
  assert.notEqual(after.build, before.build);
  assert.ok(fs.existsSync(dist(before.files["citizen.css"].file)));
});

test("a file goes 30 days after the last build that found it in use", async () => {
  const replaced = dist((await build(root)).files["citizen.css"].file);
  const forgotten = dist("citizen-OLD.css");
  fs.writeFileSync(forgotten, "");
  const longAgo = new Date(Date.now() - 31 * 24 * 3600 * 1000);
  for (const file of [replaced, forgotten, dist("sw.js")]) fs.utimesSync(file, longAgo, longAgo);
  for (const ink of ["#332", "#443"]) {
    write("static/src/css/tokens.css", `:root { --ink: ${ink} }`);
    await build(root);
  }
  assert.deepEqual([replaced, dist("sw.js"), forgotten].map(fs.existsSync), [true, true, false]);
});

test("htmx exists once, in what both scripts import, and counts in the size of each", async () => {
  const { files } = await build(root);
  const { "app.js": app, "live.js": live } = files;
  assert.equal(app.imports.length, 1);
  assert.deepEqual(app.imports, live.imports);
  assert.ok(app.gzip > 10_000 && live.gzip > 10_000);
});

test("the worker knows the build and what a citizen needs offline", async () => {
  const { build: id, files } = await build(root);
  const worker = read("static/dist/sw.js");
  assert.ok(worker.includes(id));
  const needed = ["app.js", "live.js", "citizen.css", "icons/mark.svg"].map((name) => files[name]);
  for (const file of needed.flatMap(({ file, imports }) => [file, ...imports])) {
    assert.ok(worker.includes(`/static/dist/${file}`), file);
  }
  assert.ok(!worker.includes(files["icons/icon-192.png"].file));
});

test("the licence of what is bundled lies beside it", async () => {
  await build(root);
  assert.deepEqual(fs.readdirSync(path.join(root, "static/vendor/licenses")), ["htmx-ext-sse.txt", "htmx.org.txt"]);
});

test("an empty folder of entries is a clear error", async () => {
  fs.rmSync(path.join(root, "static/src/js/entries"), { recursive: true });
  await assert.rejects(build(root), /static\/src\/js\/entries\/ holds no \.js file/);
});

function write(file, text) {
  fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}

function read(file) {
  return fs.readFileSync(path.join(root, file), "utf8");
}

function dist(file) {
  return path.join(root, "static/dist", file);
}
