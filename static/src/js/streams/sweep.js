/** From time to time a hub looks who has gone without a word, which line is dead, and which carries too much. */

import { Hub } from "./hub.js";
import { union } from "./line.js";

const EVERY = 15000;
const GONE = 150000; // tabs tell every 15 s that they live, but a browser lets a hidden one speak only once a minute
const SILENCE = 45000; // three missed beats: nobody is there, though nobody closed

/** Returns whether the shared line carries what nobody watches; twice in a row, and a smaller one is opened. */
export function sweep(hub, wasWasteful = false) {
  const now = hub.means.clock();
  hub.drop(hub.those((tab) => now - tab.seen > GONE));
  hub.end(hub.those(({ line }) => line?.isOpen && now - line.heardAt > SILENCE));
  const wanted = union(hub.on(hub.shared).map((tab) => tab.names));
  const wasteful = hub.shared !== null && wanted.length < hub.shared.names.length;
  if (wasteful && wasWasteful && !hub.next) hub.next = hub.line(wanted);
  return wasteful;
}

/** A hub at work. */
export function started() {
  const hub = new Hub();
  let wasteful = false;
  setInterval(() => {
    wasteful = sweep(hub, wasteful);
  }, EVERY);
  return hub;
}
