// static/dist/manifest.json: what build.mjs made, for the server's asset() and for the test of the size budgets.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

// { build: an id that changes with any file,
//   files: { logical name (chunks stand for themselves): {
//     file: its name in static/dist, imports: the chunks it loads, to be preloaded,
//     gzip: bytes over the wire, *with* those chunks } } }
export function describe(root, dist, entries, outputs) {
  const namesBySource = new Map([...entries].map(([name, source]) => [source, name]));
  const inDist = (output) => path.posix.relative(dist, output);
  const files = {};
  for (const [output, about] of Object.entries(outputs)) {
    const source = about.entryPoint ?? Object.keys(about.inputs)[0];
    const chunks = importsOf(outputs, output);
    files[namesBySource.get(source) ?? inDist(output)] = {
      file: inDist(output),
      imports: chunks.map(inDist),
      gzip: [output, ...chunks].reduce((bytes, each) => bytes + gzipSize(path.join(root, each)), 0),
    };
  }
  return { build: idOf(fileNames({ files })), files };
}

export function fileNames(manifest) {
  return Object.values(manifest.files).map(({ file }) => file);
}

function idOf(names) {
  return createHash("sha256").update(names.sort().join("\n")).digest("hex").slice(0, 12);
}

// All chunks that an output needs before it can run.
function importsOf(outputs, output, found = new Set()) {
  for (const { path: target, kind } of outputs[output].imports) {
    if (kind === "import-statement" && !found.has(target)) {
      found.add(target);
      importsOf(outputs, target, found);
    }
  }
  return [...found];
}

function gzipSize(file) {
  return gzipSync(fs.readFileSync(file), { level: 9 }).length;
}

export function readManifest(dist) {
  const file = path.join(dist, "manifest.json");
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : { files: {} };
}

// Written aside and renamed, so that a running server never reads half of it.
export function writeManifest(dist, manifest) {
  const file = path.join(dist, "manifest.json");
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  fs.renameSync(`${file}.new`, file);
}
