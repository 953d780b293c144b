/** The desk by keyboard: one key per button, a help sheet, and a switch for people whom the keys disturb. */

const STORE = "keys";

/** The shortcut's name for a pressed key, or null. Enter calls the next one too, but not from a button that has the focus. */
export function shortcutOf(event, shortcuts) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  const tag = event.target?.tagName ?? "";
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(tag)) return null;
  const onControl = /^(BUTTON|A|SUMMARY)$/.test(tag);
  const key = event.key === " " || event.key === "Enter" ? "space" : event.key.toLowerCase();
  if (key === "space" && onControl) return null;
  return shortcuts[key] ?? null;
}

function remembered() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // a private window keeps nothing; the switch still works for this page
  }
}

function draw(sheet, on) {
  sheet.querySelectorAll("[data-shortcut]").forEach((line) => {
    const name = document.querySelector(`[data-key="${line.dataset.shortcut}"] [data-key-name]`);
    if (!name) return;
    name.textContent = line.dataset.spoken;
    name.hidden = !on;
  });
}

export function start() {
  const sheet = document.querySelector("[data-keys]");
  const help = document.querySelector("[data-help]");
  const control = document.querySelector("[data-keys-on]");
  if (!sheet?.showModal) return;
  const lines = [...sheet.querySelectorAll("[data-shortcut]")];
  const shortcuts = Object.fromEntries(lines.map((line) => [line.dataset.press.toLowerCase(), line.dataset.shortcut]));
  control.checked = remembered();
  help.hidden = false;
  help.addEventListener("click", () => sheet.showModal());
  control.addEventListener("change", () => {
    remember(control.checked);
    draw(sheet, control.checked);
  });
  document.addEventListener("keydown", (event) => {
    if (sheet.open || !control.checked) return;
    if (event.key === "?") return sheet.showModal();
    const name = shortcutOf(event, shortcuts);
    const button = name && document.querySelector(`[data-key="${name}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
  document.body.addEventListener("htmx:afterSettle", () => draw(sheet, control.checked));
  draw(sheet, control.checked);
}
