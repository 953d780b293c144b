// Builds static/src, static/icons and service_worker into static/dist: bundled, minified, named by content.
// static/dist/manifest.json tells the server's asset() the names; what it holds is told at `describe`.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";

const DIST = "static/dist";
const LICENSES = "static/vendor/licenses";
const URL_PREFIX = "/static/dist/";
const KEEP_DAYS = 30; // how long pages and service workers of an earlier build may still ask for its files
const OFFLINE = /^(app\.js|live\.js|citizen\.css|icons\/.+\.svg)$/; // what the service worker stores when it is installed

const OPTIONS = {
  bundle: true,
  minify: true,
  target: ["chrome80", "firefox90", "safari15"],
  legalComments: "none", // the licences lie in static/vendor/licenses
  logLevel: "silent",
  metafile: true,
};

export async function build(root) {
  const before = readManifest(root);
  const entries = findEntries(root);
  const assets = await bundle({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: [...entries].map(([name, source]) => ({ in: source, out: withoutEnding(name) })),
    outdir: DIST,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "chunk-[hash]",
    format: "esm",
    splitting: true, // so that what two entries share, htmx above all, exists once in the browser
    loader: { ".png": "copy", ".svg": "copy", ".ico": "copy" },
  });
  const manifest = describe(root, entries, assets.outputs);
  const worker = await bundle({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: ["service_worker/sw.js"],
    outfile: `${DIST}/sw.js`,
    format: "iife",
    define: { __BUILD__: JSON.stringify(manifest.build), __SHELL__: JSON.stringify(offlineUrls(manifest)) },
  });
  copyLicenses(root, [...Object.keys(assets.inputs), ...Object.keys(worker.inputs)]);
  writeManifest(root, manifest);
  dropOldFiles(root, [...fileNames(manifest), ...fileNames(before)]);
  return manifest;
}

// A warning is an error: nobody would see it.
async function bundle(options) {
  const { metafile, warnings } = await esbuild.build(options);
  if (warnings.length > 0) {
    throw new Error((await esbuild.formatMessages(warnings, { kind: "warning" })).join(""));
  }
  return metafile;
}

// Logical name ("app.js", "icons/icon-192.png") -> source file.
function findEntries(root) {
  const scripts = filesIn(root, "static/src/js/entries", [".js"]);
  const styles = filesIn(root, "static/src/css/entries", [".css"]);
  const icons = filesIn(root, "static/icons", [".png", ".svg", ".ico"]);
  return new Map([
    ...[...scripts, ...styles].map((source) => [path.basename(source), source]),
    ...icons.map((source) => [`icons/${path.basename(source)}`, source]),
  ]);
}

function filesIn(root, folder, endings) {
  const absolute = path.join(root, folder);
  const names = fs.existsSync(absolute) ? fs.readdirSync(absolute) : [];
  const wanted = names.filter((name) => endings.includes(path.extname(name))).sort();
  if (wanted.length === 0) throw new Error(`${folder}/ holds no ${endings.join(" or ")} file: nothing to build`);
  return wanted.map((name) => `${folder}/${name}`);
}

// { build: an id that changes with any file,
//   files: { logical name (chunks stand for themselves): {
//     file: its name in static/dist, imports: the chunks it loads, to be preloaded,
//     gzip: bytes over the wire, *with* those chunks } } }
function describe(root, entries, outputs) {
  const namesBySource = new Map([...entries].map(([name, source]) => [source, name]));
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

function fileNames(manifest) {
  return Object.values(manifest.files).map(({ file }) => file);
}

function inDist(output) {
  return path.posix.relative(DIST, output);
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

function offlineUrls({ files }) {
  const wanted = Object.entries(files).filter(([name]) => OFFLINE.test(name));
  const names = wanted.flatMap(([, { file, imports }]) => [file, ...imports]);
  return [...new Set(names)].map((name) => URL_PREFIX + name);
}

function copyLicenses(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  fs.mkdirSync(path.join(root, LICENSES), { recursive: true });
  for (const folder of folders) {
    const name = folder.split("node_modules/").at(-1);
    const license = fs.readdirSync(path.join(root, folder)).find((file) => /^licen[cs]e/i.test(file));
    if (!license) throw new Error(`the npm package ${name} is bundled but brings no LICENSE file`);
    fs.copyFileSync(path.join(root, folder, license), path.join(root, LICENSES, `${name.replace("/", "-")}.txt`));
  }
}

function readManifest(root) {
  const file = path.join(root, DIST, "manifest.json");
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : { files: {} };
}

// Written aside and renamed, so that a running server never reads half of it.
function writeManifest(root, manifest) {
  const file = path.join(root, DIST, "manifest.json");
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  fs.renameSync(`${file}.new`, file);
}

// The files of this build and the one before stay, whatever their age.
function dropOldFiles(root, keep) {
  const kept = new Set([...keep, "manifest.json", "sw.js"]);
  const oldest = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
  for (const file of fs.readdirSync(path.join(root, DIST), { recursive: true })) {
    const stat = fs.statSync(path.join(root, DIST, file));
    if (stat.isFile() && !kept.has(file) && stat.mtimeMs < oldest) fs.rmSync(path.join(root, DIST, file));
  }
}

function withoutEnding(name) {
  return name.slice(0, -path.extname(name).length);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  build(process.cwd()).catch((error) => {
    console.error(`build.mjs: ${error.message}`);
    process.exitCode = 1;
  });
}
