// Builds static/src, static/icons and service_worker into static/dist: bundled, minified, named by content.
// static/dist/manifest.json tells the server's asset() the names; setup/manifest.mjs says what else it holds.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { describe, fileNames, readManifest, writeManifest } from "./setup/manifest.mjs";

const DIST = "static/dist";
const LICENSES = "static/vendor/licenses";
const URL_PREFIX = "/static/dist/";
const DAY = 24 * 3600 * 1000;
const WORKERS = ["sw.js", "kill.js"]; // the service worker, and the one that ends it
const STREAMS = ["streams.js", "static/src/js/streams/worker.js"]; // a SharedWorker: no module, for older browsers
const WITHOUT_APP = ["offline.js", "outbox.js"]; // their pages load nothing else, so they share nothing with others
const KEEP_DAYS = 30; // how long pages and service workers of an earlier build may still ask for its files
const OFFLINE = /^(app\.js|live\.js|offline\.js|outbox\.js|citizen\.css|icons\/.+\.svg)$/; // what the service worker stores when it is installed

const OPTIONS = {
  bundle: true,
  minify: true,
  target: ["chrome80", "firefox90", "safari15"],
  legalComments: "none", // the licences lie in static/vendor/licenses
  logLevel: "silent",
  metafile: true,
};

export async function build(root) {
  const before = readManifest(path.join(root, DIST));
  const entries = findEntries(root);
  const alone = [STREAMS, ...[...entries].filter(([name]) => WITHOUT_APP.includes(name))];
  const together = [...entries].filter(([name]) => !WITHOUT_APP.includes(name));
  const assets = await bundle({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: together.map(entryPoint),
    outdir: DIST,
    entryNames: "[dir]/[name]-[hash]",
    chunkNames: "chunk-[hash]",
    format: "esm",
    splitting: true, // so that what two entries share, htmx above all, exists once in the browser
    loader: { ".png": "copy", ".svg": "copy", ".ico": "copy" },
  });
  const shared = await bundle({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: alone.map(entryPoint),
    outdir: DIST,
    entryNames: "[name]-[hash]",
    format: "iife",
  });
  const manifest = describe(root, DIST, new Map([...entries, STREAMS]), { ...assets.outputs, ...shared.outputs });
  const worker = await bundle({
    ...OPTIONS,
    absWorkingDir: root,
    entryPoints: WORKERS.map((name) => `service_worker/${name}`),
    outdir: DIST,
    format: "iife",
    define: {
      __BUILD__: JSON.stringify(manifest.build),
      __SHELL__: JSON.stringify(offlineUrls(manifest)),
      __ICON__: JSON.stringify(URL_PREFIX + (manifest.files["icons/icon-192.png"]?.file ?? "")),
    },
  });
  copyLicenses(root, [...Object.keys(assets.inputs), ...Object.keys(worker.inputs)]);
  writeManifest(path.join(root, DIST), manifest);
  dropOldFiles(path.join(root, DIST), [...fileNames(before), ...fileNames(manifest), ...WORKERS]);
  return manifest;
}

const entryPoint = ([name, source]) => ({ in: source, out: withoutEnding(name) });

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

// A file's age counts from the last build that found it in use.
function dropOldFiles(dist, inUse) {
  const now = new Date();
  for (const file of inUse.filter((name) => fs.existsSync(path.join(dist, name)))) {
    fs.utimesSync(path.join(dist, file), now, now);
  }
  for (const file of fs.readdirSync(dist, { recursive: true })) {
    const { mtime } = fs.statSync(path.join(dist, file));
    if (path.extname(file) && now - mtime > KEEP_DAYS * DAY) fs.rmSync(path.join(dist, file));
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
