/** Small comforts that appear only where scripts run: show the password, print, bring the chosen day into view. */

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
    button.textContent = hidden ? button.dataset.hide : show;
  });
}

function printable(root) {
  root.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
  });
}

/** How far a strip has to be scrolled so that the item stands in its middle. */
export function middle(strip, item) {
  return Math.max(0, item.offsetLeft - strip.offsetLeft - (strip.clientWidth - item.offsetWidth) / 2);
}

export function start() {
  document.querySelectorAll("[data-reveal]").forEach(reveal);
  printable(document);
  document.body.addEventListener("htmx:afterSettle", () => printable(document));
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
  document.querySelectorAll("[data-days]").forEach((strip) => {
    const chosen = strip.querySelector("[aria-current]");
    if (chosen) strip.scrollLeft = middle(strip, chosen.parentElement);
  });
}
