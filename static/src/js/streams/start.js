/** One stream per browser: in a SharedWorker, else in the tab that holds a lock, else each tab has its own. */

import { Sources } from "./sources.js";
import { started } from "./sweep.js";

const LIVES = 15000;

function inThisTab(sources) {
  const hub = started();
  sources.attach((message) => hub.handle(message, (told) => sources.receive(told)));
}

/** The first tab leads. When it is closed, or does not answer, another one does, which everybody then asks anew. */
export function byLeader(sources, name, locks = navigator.locks) {
  if (!locks || !window.BroadcastChannel) return inThisTab(sources);
  const channel = new BroadcastChannel(name);
  const hub = started();
  const me = Math.random();
  let leader = null; // as far as it was told
  const tell = (told) => sources.receive(told) || channel.postMessage({ told, from: me });
  const ask = (asked) => (leader === me ? hub.handle(asked, tell) : channel.postMessage({ asked }));
  channel.onmessage = ({ data: { asked, told, from } }) => {
    if (asked) return leader === me && hub.handle(asked, tell);
    if (told) return (leader ?? from) === from && sources.receive(told); // a former one wakes up with old news
    leader = from;
    return sources.again();
  };
  const lead = () => {
    leader = me;
    channel.postMessage({ from: me });
    sources.again();
    return new Promise(() => {}); // as long as this tab lives, or until the lock is stolen
  };
  const resign = () => {
    if (leader === me) leader = null;
    hub.drop([...hub.tabs.values()]);
    stand();
  };
  const stand = (how = {}) => locks.request(name, how, lead).catch((why) => why.name === "AbortError" && resign());
  sources.attach(ask, () => document.visibilityState === "visible" && stand({ steal: true })); // the leader is frozen
  stand();
}

/** A worker that has died is started anew under the same name; one that does not answer from the start is given up. */
function byWorker(sources, url) {
  try {
    const worker = new SharedWorker(url, { name: "streams" });
    let next = byLeader;
    const leave = () => {
      worker.port.close();
      worker.onerror = null;
      next(sources, url);
    };
    worker.onerror = leave;
    worker.port.onmessage = ({ data }) => {
      next = byWorker;
      sources.receive(data);
    };
    sources.attach((message) => worker.port.postMessage(message), leave);
  } catch {
    byLeader(sources, url); // there is none, or not in this mode of the browser
  }
}

/** Let htmx watch through the one stream. The page says where the worker is and, by an opaque word, whose it is. */
export function start(htmx = window.htmx, { content: url, dataset } = document.querySelector("meta[name=streams]")) {
  const sources = new Sources(`${dataset.reader} ${document.documentElement.lang}`);
  byWorker(sources, url);
  htmx.createEventSource = (address) => sources.create(address);
  setInterval(() => sources.alive(), LIVES);
  window.addEventListener("pagehide", () => sources.say("leave"));
  window.addEventListener("pageshow", (shown) => shown.persisted && sources.again());
}
