// The desk's keyboard, and what gets the focus after an answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goalOf } from "../../static/src/js/focus.js";
import { middle } from "../../static/src/js/extras.js";
import { shortcutOf } from "../../static/src/js/keys.js";

const SHORTCUTS = { space: "next", r: "recall", m: "serve", l: "skip", s: "finish" };
const press = (key, more = {}) => shortcutOf({ key, target: { tagName: "BODY" }, ...more }, SHORTCUTS);

test("space and enter call the next number", () => {
  assert.equal(press(" "), "next");
  assert.equal(press("Enter"), "next");
});

test("a letter works in both cases", () => {
  assert.equal(press("r"), "recall");
  assert.equal(press("R"), "recall");
  assert.equal(press("x"), null);
});

test("a focused button keeps its own space and enter", () => {
  assert.equal(press(" ", { target: { tagName: "BUTTON" } }), null);
  assert.equal(press("Enter", { target: { tagName: "A" } }), null);
  assert.equal(press("s", { target: { tagName: "BUTTON" } }), "finish");
});

test("typing, browser shortcuts and a key held down are left alone", () => {
  assert.equal(press("s", { target: { tagName: "INPUT" } }), null);
  assert.equal(press("r", { ctrlKey: true }), null);
  assert.equal(press("l", { metaKey: true }), null);
  assert.equal(press(" ", { repeat: true }), null);
});

test("errors come before results, and a notice is its own goal", () => {
  const asked = [];
  const region = { id: "ticket", querySelector: (selector) => asked.push(selector) && "found" };
  assert.equal(goalOf(region), "found");
  assert.match(asked[0], /\.summary/);
  const notice = { id: "notice" };
  assert.equal(goalOf(notice), notice);
  assert.equal(goalOf(null), null);
});

test("the chosen day stands in the middle of its strip", () => {
  const strip = { offsetLeft: 0, clientWidth: 300 };
  assert.equal(middle(strip, { offsetLeft: 400, offsetWidth: 80 }), 290);
  assert.equal(middle(strip, { offsetLeft: 10, offsetWidth: 80 }), 0);
});
