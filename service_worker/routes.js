// What a request is to the service worker. Offline is an allow-list: whatever is not named here passes through.

/** "asset" for a file of this build, "page" for a page being opened, "other" for everything else. */
export function classify(request, origin) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return "other";
  if (url.pathname.startsWith("/static/dist/")) return "asset";
  return request.mode === "navigate" ? "page" : "other";
}
