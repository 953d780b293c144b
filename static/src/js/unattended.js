/** A screen that nobody touches: whether the server shows its page, and how it comes back from the offline page. */

const AGAIN = 30000;
const ADDRESS = "unattended"; // where this browser keeps the address; the power may fail, so not for this tab only

/** The page as the server shows it now, or null when it does not answer. */
export async function presentPage() {
  try {
    const answer = await fetch(window.location.href, { cache: "no-store" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** From now on this address has to stand by itself. */
export function standByItself() {
  localStorage.setItem(ADDRESS, window.location.pathname);
}

/** On the offline page: where this address stands by itself, go back as soon as the server shows it. */
export function comeBack() {
  if (localStorage.getItem(ADDRESS) !== window.location.pathname) return;
  setInterval(async () => (await presentPage()) && window.location.reload(), AGAIN);
}
