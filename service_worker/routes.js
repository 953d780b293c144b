// What a request is to the service worker. Offline is an allow-list: whatever is not named here passes through.

const SIGN_OUT = "/sign-out";

/**
 * "asset" for a file of this build, "page" for a page being opened, "sign-out" for the form that ends a session,
 * "later" for a form that the city allows to be sent later, "form" for one that opens a page and may not, "other" for
 * everything else.
 */
export function classify(request, origin) {
  const url = new URL(request.url);
  if (url.origin !== origin) return "other";
  if (request.method === "POST") return kindOfForm(request, url);
  if (request.method !== "GET") return "other";
  if (url.pathname.startsWith("/static/dist/")) return "asset";
  return request.mode === "navigate" ? "page" : "other";
}

/** A form of another site that is sent here passes through as it is, and the city refuses it. */
function kindOfForm(request, url) {
  if (!isOwn(request.referrer, url.origin)) return "other";
  if (url.pathname === SIGN_OUT) return "sign-out";
  if (url.searchParams.has("later")) return "later";
  return request.mode === "navigate" ? "form" : "other";
}

function isOwn(referrer, origin) {
  return referrer.startsWith(`${origin}/`);
}
