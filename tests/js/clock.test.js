// The server's clock, the countdown, and the wall's ages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { now, sync } from "../../static/src/js/clock.js";
import { timeLeft } from "../../static/src/js/countdown.js";
import { age, draw, overall, wallClock, zoneMinutes } from "../../static/src/js/tiles.js";

const WORDS = { hours: "jam", minutes: "menit", seconds: "detik" };
const AGES = { seconds: "{n} detik", minutes: "{n} menit", hours: "{n} jam", old: "data {age} lalu" };

test("a telephone whose clock is an hour slow still shows the server's time", () => {
  const shelf = {};
  sync("2026-11-24T01:00:00Z", Date.parse("2026-11-24T00:00:00Z"), shelf);
  assert.equal(now(Date.parse("2026-11-24T00:00:05Z"), shelf), Date.parse("2026-11-24T01:00:05Z"));
});

test("a beat that cannot be read changes nothing", () => {
  const shelf = { clock: "1000" };
  sync("nonsense", 0, shelf);
  assert.equal(now(0, shelf), 1000);
});

test("the time left is told in words", () => {
  assert.equal(timeLeft(754000, WORDS), "12 menit 34 detik");
  assert.equal(timeLeft(9000, WORDS), "9 detik");
  assert.equal(timeLeft(2 * 3600000 + 5 * 60000, WORDS), "2 jam 5 menit");
  assert.equal(timeLeft(-5, WORDS), "0 detik");
});

test("the city's zone is found from one moment told both ways", () => {
  assert.equal(zoneMinutes("2026-11-24T00:12:40Z", "07.12"), 420);
  assert.equal(zoneMinutes("2026-11-24T20:30:00Z", "03.30"), 420);
  assert.equal(zoneMinutes("2026-11-24T02:00:00Z", "22.00"), -240);
  assert.equal(zoneMinutes("2026-11-24T00:00:00Z", "00.00"), 0);
});

test("the wall's clock shows seconds", () => {
  assert.equal(wallClock(Date.parse("2026-11-24T00:12:05Z"), 420), "07.12.05");
});

test("an age is rounded to what matters", () => {
  assert.deepEqual([2000, 125000, 7300000, -1].map((ms) => age(ms, AGES)), ["2 detik", "2 menit", "2 jam", "0 detik"]);
});

test("the worst tile speaks for the wall", () => {
  assert.deepEqual(overall([undefined, "attention", "late"]), ["late", 1]);
  assert.deepEqual(overall(["attention", "attention"]), ["attention", 2]);
  assert.deepEqual(overall([undefined]), ["good", 0]);
});

function tileOf(at) {
  const shown = { textContent: "" };
  const classes = new Map();
  return {
    shown,
    classes,
    classList: { toggle: (name, on) => classes.set(name, on) },
    querySelector: (selector) => (selector === "[data-age]" ? shown : at && { dataset: { at } }),
  };
}

test("a tile whose stream is silent says that its data is old", () => {
  const tile = tileOf("2026-11-24T00:00:00Z");
  draw([tile], Date.parse("2026-11-24T00:04:00Z"), true, AGES);
  assert.equal(tile.shown.textContent, "data 4 menit lalu");
  assert.equal(tile.classes.get("tile-stale"), true);
});

test("a quiet tile is old but not stale", () => {
  const tile = tileOf("2026-11-24T00:00:00Z");
  draw([tile], Date.parse("2026-11-24T03:00:00Z"), false, AGES);
  assert.equal(tile.shown.textContent, "3 jam");
  assert.equal(tile.classes.get("tile-stale"), false);
});
