/** Offers to put the app on the phone's home screen, only where a page has a place for it: a ticket, a receipt. */

export function start(page = document, browser = window) {
  const hint = page.querySelector("[data-install]");
  browser.addEventListener("beforeinstallprompt", (offer) => {
    offer.preventDefault(); // the browser's own bar would come on any page, before there is anything to keep
    if (hint) show(hint, offer);
  });
  browser.addEventListener("appinstalled", () => hint?.toggleAttribute("hidden", true));
}

function show(hint, offer) {
  hint.hidden = false;
  hint.querySelector("button").addEventListener("click", () => {
    hint.hidden = true;
    offer.prompt();
  });
}
