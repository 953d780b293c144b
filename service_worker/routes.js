// What a request is to the service worker. Offline is an allow-list: whatever is not named here passes through.

const SIGN_OUT = "/sign-out";

/**
 * "asset" for a file of this build, "page" for a page being opened, "sign-out" for the form that ends a session,
 * "other" for everything else.
 */
export function classify(request, origin) {
  const url = new URL(request.url);
  if (url.origin !== origin) return "other";
  if (request.method === "POST" && url.pathname === SIGN_OUT) return "sign-out";
  if (request.method !== "GET") return "other";
  if (url.pathname.startsWith("/static/dist/")) return "asset";
  return request.mode === "navigate" ? "page" : "other";
}
