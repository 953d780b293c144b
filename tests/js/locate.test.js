// Where an officer stands on the record of a visit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../static/src/js/locate.js";

test("a position fills latitude and longitude with about a metre's exactness", () => {
  const inputs = [{ value: "" }, { value: "" }];
  fill({ querySelectorAll: () => inputs }, { latitude: 3.60021934, longitude: 98.4 });
  assert.deepEqual(inputs.map((input) => input.value), ["3.60022", "98.40000"]);
});
