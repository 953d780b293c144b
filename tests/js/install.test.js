// The offer to install the app: only where there is a place for it, and only once it is pressed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../../static/src/js/install.js";

function anOffer() {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = () => (offer.prompted = true);
  return offer;
}

function aPage(button = new EventTarget()) {
  const hint = { hidden: true, querySelector: () => button, toggleAttribute: (_name, on) => (hint.hidden = on) };
  return { hint, button, querySelector: () => hint };
}

test("a page with something worth keeping offers it, and asks when pressed", () => {
  const [page, browser, offer] = [aPage(), new EventTarget(), anOffer()];
  start(page, browser);
  browser.dispatchEvent(offer);
  assert.deepEqual([page.hint.hidden, offer.defaultPrevented, offer.prompted], [false, true, undefined]);
  page.button.dispatchEvent(new Event("click"));
  assert.deepEqual([page.hint.hidden, offer.prompted], [true, true]);
});

test("no other page shows anything, not even the browser's own bar", () => {
  const [browser, offer] = [new EventTarget(), anOffer()];
  start({ querySelector: () => null }, browser);
  browser.dispatchEvent(offer);
  assert.equal(offer.defaultPrevented, true);
});

test("once it is installed the offer is gone", () => {
  const [page, browser] = [aPage(), new EventTarget()];
  start(page, browser);
  browser.dispatchEvent(anOffer());
  browser.dispatchEvent(new Event("appinstalled"));
  assert.equal(page.hint.hidden, true);
});
