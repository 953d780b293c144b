/** When an answer cannot be put into its place (no network, a whole error page), says so at the top of the page. */

function show(text) {
  const old = document.getElementById("notice");
  if (!old || !text) return;
  const notice = document.createElement("div");
  notice.id = "notice";
  notice.className = "note note-late";
  notice.tabIndex = -1;
  notice.setAttribute("role", "alert");
  notice.textContent = text;
  old.replaceWith(notice);
  notice.focus();
}

/** The plain words of a whole error page: its heading and first sentences. */
export function wordsOf(html, parser = new DOMParser()) {
  const main = parser.parseFromString(html, "text/html").querySelector("main");
  const parts = [...(main?.querySelectorAll("h1, p, dl") ?? [])].slice(0, 3);
  return parts.map((part) => part.textContent.trim().replace(/\s+/g, " ")).join(". ");
}

function keepOut(event) {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status < 400 || !/<html/i.test(xhr.responseText.slice(0, 200))) return;
  event.detail.shouldSwap = false;
  if (requestConfig.verb !== "get") show(wordsOf(xhr.responseText) || lostWords(event));
}

/** What is said where nothing came back, or nothing that we wrote. */
function lostWords({ detail }) {
  const own = detail.elt?.closest?.("form[data-lost]:not([data-upload])");
  return (own ?? document.getElementById("live"))?.dataset.lost;
}

/** A way out of the app that leads nowhere without a network. */
function stay(event) {
  const link = event.target.closest?.("a[data-lost]");
  if (!link || navigator.onLine) return;
  event.preventDefault();
  show(link.dataset.lost);
}

export function start() {
  document.addEventListener("click", stay);
  document.body.addEventListener("htmx:beforeSwap", keepOut);
  document.body.addEventListener("htmx:sendError", (event) => {
    if (event.detail.requestConfig?.verb !== "get") show(lostWords(event));
  });
}
