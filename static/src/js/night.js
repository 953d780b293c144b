/** A screen that nobody touches takes a new build by itself, when nobody looks: at three at night in the city. */

import { takeOver, whenWaiting } from "./update.js";

const DAY = 86400000;
const THREE = 3 * 3600000;
const SPREAD = 10 * 60000; // not all screens of a city in the same second
const LOOKS = 30000;

/** The next three at night after `time`, by a wall clock so many minutes before UTC. */
export function nextNight(time, zone) {
  const local = time + zone * 60000;
  const three = Math.floor(local / DAY) * DAY + THREE;
  return (three > local ? three : three + DAY) - zone * 60000;
}

async function takeNewest(workers) {
  const registration = await workers.getRegistration();
  if (!registration) return;
  whenWaiting(registration, workers, () => takeOver(registration, () => {}));
  await registration.update();
}

/** `now` is the server's clock. Looks at it again and again: a screen that slept keeps no long appointments. */
export function start(now, zone, workers = navigator.serviceWorker) {
  let due = nextNight(now(), zone) + Math.random() * SPREAD;
  setInterval(() => {
    if (now() < due || !workers) return;
    due += DAY;
    takeNewest(workers).catch(() => {});
  }, LOOKS);
}
