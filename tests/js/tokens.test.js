// The palette's own test: enough contrast in light, dark and on the wall, and the two dark palettes are one.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

const css = (name) => fs.readFileSync(new URL(`../../static/src/css/${name}.css`, import.meta.url), "utf8");
const tokensOf = (block) => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]]));
const [light, dark, darkBySystem] = css("tokens").match(/\{[^{}]*\}/g).map(tokensOf);
const wall = { ...dark, ...tokensOf(css("wall").match(/\{[^{}]*\}/)[0]) };

function luminance(hex) {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function check(palette, least, pairs) {
  const weak = pairs.filter(([ink, ground]) => contrast(palette[ink], palette[ground]) < least);
  assert.deepEqual(weak.map(([ink, ground]) => `${ink} on ${ground}: ${contrast(palette[ink], palette[ground]).toFixed(2)}`), []);
}

const GROUNDS = ["paper", "surface", "sunken"];
const STATES = ["leaf", "good", "attention", "late", "info"];
const TEXT = [
  ...["ink", "ink-2"].flatMap((ink) => GROUNDS.map((ground) => [ink, ground])),
  ...STATES.flatMap((state) => ["paper", "surface", `${state}-tint`].map((ground) => [state, ground])),
  ["on-leaf", "leaf"],
  ["on-rambutan", "rambutan"],
];
const EDGES = ["line-strong", "ink-3", "leaf", "late", "focus"].flatMap((edge) => ["paper", "surface"].map((ground) => [edge, ground]));

for (const [name, palette] of [["light", light], ["dark", dark]]) {
  test(`text in ${name} holds 7:1`, () => check(palette, 7, TEXT));
  test(`edges of controls in ${name} hold 3:1`, () => check(palette, 3, EDGES));
}

test("text on the wall holds 7:1", () => {
  check(wall, 7, [["ink", "surface"], ["ink-2", "surface"], ["ink-2", "sunken"], ["attention", "surface"], ["attention", "sunken"], ["late", "late-tint"], ["late", "surface"]]);
  check(wall, 4.5, [["ink-3", "surface"]]);
});

test("dark by choice and dark by the telephone are the same palette", () => {
  assert.deepEqual(darkBySystem, dark);
  const colours = Object.keys(light);
  assert.deepEqual(Object.keys(dark).sort(), colours.sort());
});
