/** On the offline page: which pages this phone has kept for its reader, the newest first. */

import { isOld } from "../../../service_worker/age.js";

const PRIVATE = "private-";

export async function start() {
  const place = document.getElementById("readable");
  if (!place || !("caches" in window)) return;
  const pages = await readablePages(window.caches);
  if (pages.length === 0) return;
  const list = place.querySelector("ul");
  list.replaceChildren(...pages.map((page) => rowOf(place.querySelector("template"), page)));
  place.hidden = false;
}

/** Address and title of each page that was kept. */
export async function readablePages(storage, titleOf = titleIn) {
  const found = [];
  for (const name of (await storage.keys()).filter((each) => each.startsWith(PRIVATE))) {
    const cache = await storage.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      const html = await kept.text();
      if (!isOld(kept)) found.push({ href: new URL(request.url).pathname, title: titleOf(html) });
    }
  }
  return found.reverse();
}

function titleIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("h1")?.textContent.trim() || page.title;
}

function rowOf(template, { href, title }) {
  const row = template.content.cloneNode(true);
  row.querySelector("a").href = href;
  row.querySelector("b").textContent = title;
  return row;
}
