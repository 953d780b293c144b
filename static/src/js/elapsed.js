/** Time for measuring silence: sleep counts, and a clock that is set back takes nothing away. */

let passed = 0;
let [wall, steady] = [Date.now(), performance.now()]; // the second stands still in some browsers while they sleep

/** Milliseconds since the beginning. Of what the two clocks say since it was last asked, the longer is believed. */
export function elapsed() {
  const [wallNow, steadyNow] = [Date.now(), performance.now()];
  passed += Math.max(wallNow - wall, steadyNow - steady);
  [wall, steady] = [wallNow, steadyNow];
  return passed;
}
