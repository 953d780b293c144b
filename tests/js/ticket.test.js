// A ticket's own place in the queue, and the watch over its stream.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { watch } from "../../static/src/js/stream.js";
import { aheadOf, numbersIn, sentence } from "../../static/src/js/ticket.js";

const SAID = { sayNext: "Anda berikutnya", sayOne: "1 orang di depan Anda", sayMany: "{n} orang di depan Anda" };

test("the waiting numbers are read in their order", () => {
  assert.deepEqual(numbersIn("29 30 33"), [29, 30, 33]);
  assert.deepEqual(numbersIn(""), []);
  assert.deepEqual(numbersIn(undefined), []);
});

test("whoever waits knows how many are before them", () => {
  assert.equal(aheadOf(33, [29, 30, 33]), 2);
  assert.equal(aheadOf(29, [29, 30, 33]), 0);
});

test("whoever is not among the waiting has no place", () => {
  assert.equal(aheadOf(28, [29, 30, 33]), null);
});

test("only the number to go is spoken", () => {
  assert.deepEqual([0, 1, 13].map((ahead) => sentence(ahead, SAID)), ["Anda berikutnya", "1 orang di depan Anda", "13 orang di depan Anda"]);
});

function aPage() {
  const asked = [];
  const body = new EventTarget();
  const note = { hidden: true };
  body.querySelectorAll = () => [note];
  globalThis.window = new EventTarget();
  window.htmx = { trigger: (_body, event) => asked.push(event) };
  return { asked, body, note, tell: (name) => body.dispatchEvent(new Event(name)) };
}

function withTime(run) {
  return () => {
    mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
    try {
      run(mock.timers);
    } finally {
      mock.timers.reset();
    }
  };
}

test("a cut stream is said after a moment and asked for every 30 seconds", withTime((time) => {
  const page = aPage();
  watch("ticket-moved", { body: page.body });
  page.tell("htmx:sseError");
  assert.equal(page.note.hidden, true);
  time.tick(3000);
  assert.equal(page.note.hidden, false);
  time.tick(57000);
  assert.deepEqual(page.asked, ["ticket-moved", "ticket-moved"]);
}));

test("when the stream is back the page asks once and the note goes", withTime((time) => {
  const page = aPage();
  watch("ticket-moved", { body: page.body });
  page.tell("htmx:sseError");
  time.tick(4000);
  page.tell("htmx:sseOpen");
  assert.equal(page.note.hidden, true);
  assert.deepEqual(page.asked, ["ticket-moved"]);
  time.tick(35000);
  assert.equal(page.asked.length, 1);
}));

test("a short reconnect is not mentioned", withTime((time) => {
  const page = aPage();
  watch("ticket-moved", { body: page.body });
  page.tell("htmx:sseError");
  time.tick(1000);
  page.tell("htmx:sseOpen");
  time.tick(5000);
  assert.equal(page.note.hidden, true);
}));

test("a line that is dead though open is noticed by its missing beats", withTime((time) => {
  const page = aPage();
  watch("queue-stale", { body: page.body });
  time.tick(30000);
  page.tell("htmx:sseMessage");
  time.tick(35000);
  assert.equal(page.note.hidden, true);
  time.tick(10000);
  time.tick(5000);
  assert.equal(page.note.hidden, false);
}));
