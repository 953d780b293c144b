/** A screen that nobody touches takes a new build by itself, when nobody looks: at three at night in the city. */

const DAY = 86400000;
const THREE = 3 * 3600000;
const SPREAD = 10 * 60000; // not all screens of a city in the same second
const LOOKS = 30000;
const AGAIN = 5 * 60000; // after a try in vain: the server was away, or something newer is still on its way

/** The next three at night after `time`, by a wall clock so many minutes before UTC. */
export function nextNight(time, zone) {
  const local = time + zone * 60000;
  const three = Math.floor(local / DAY) * DAY + THREE;
  return (three > local ? three : three + DAY) - zone * 60000;
}

const settled = (worker) => new Promise((done) => worker.addEventListener("statechange", done, { once: true }));

/**
 * Look for a newer build once, and let it take over if the server shows this page: the page is then loaded anew, and
 * nobody is there to help it. Leaves no listener behind: what comes by day waits. True where nothing is newer.
 */
async function isNewest(workers, presentPage) {
  const registration = await workers.getRegistration();
  const { installing } = (await registration?.update()) ?? {};
  if (installing) await settled(installing);
  const waiting = registration?.waiting;
  if (waiting && (await presentPage())) waiting.postMessage("skip");
  return !installing && !waiting;
}

/** `now` is the server's clock. Looks at it again and again: a screen that slept keeps no long appointments. */
export function start(now, zone, presentPage, workers = navigator.serviceWorker) {
  const nextTime = () => nextNight(now(), zone) + Math.random() * SPREAD;
  let due = nextTime();
  setInterval(async () => {
    if (now() < due || !workers) return;
    due = now() + AGAIN;
    if (await isNewest(workers, presentPage).catch(() => false)) due = nextTime();
  }, LOOKS);
}
