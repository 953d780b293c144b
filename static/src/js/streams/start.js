/** One stream per browser: in a SharedWorker, else in the tab that holds a lock, else each tab has its own. */

import { Sources } from "./sources.js";
import { started } from "./sweep.js";

const LIVES = 20000;

function inThisTab(sources) {
  const hub = started();
  sources.attach((message) => hub.handle(message, (told) => sources.receive(told)));
}

/** The first tab leads; when it is closed, its lock goes to another one, which everybody then asks anew. */
export function byLeader(sources, name, locks = navigator.locks) {
  if (!locks || !window.BroadcastChannel) return inThisTab(sources);
  const channel = new BroadcastChannel(name);
  let hub = null;
  const tell = (told) => sources.receive(told) || channel.postMessage({ told });
  const ask = (asked) => (hub ? hub.handle(asked, tell) : channel.postMessage({ asked }));
  channel.onmessage = ({ data: { asked, told } }) => {
    if (told) sources.receive(told);
    else if (!asked) sources.again(); // another tab leads from now on
    else hub?.handle(asked, tell);
  };
  sources.attach(ask);
  return locks.request(name, () => {
    hub = started();
    channel.postMessage({});
    sources.again();
    return new Promise(() => {}); // as long as this tab lives
  });
}

function byWorker(sources, url) {
  try {
    const worker = new SharedWorker(url, { name: "streams" });
    worker.onerror = () => byLeader(sources, url);
    worker.port.onmessage = ({ data }) => sources.receive(data);
    sources.attach((message) => worker.port.postMessage(message));
  } catch {
    byLeader(sources, url); // there is none, or not in this mode of the browser
  }
}

/** Let htmx watch through the one stream. The page says where the worker is and, by an opaque word, whose it is. */
export function start(htmx = window.htmx, { content: url, dataset } = document.querySelector("meta[name=streams]")) {
  const reader = `${dataset.reader} ${document.documentElement.lang}`;
  const sources = new Sources(reader, performance.timeOrigin);
  byWorker(sources, url);
  htmx.createEventSource = (address) => sources.create(address);
  setInterval(() => sources.say("alive"), LIVES);
  window.addEventListener("pagehide", () => sources.say("leave"));
  window.addEventListener("pageshow", (shown) => shown.persisted && sources.again());
}
