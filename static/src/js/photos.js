/** Photos chosen in a form are made smaller before it is sent, where the browser can; the server judges whatever comes. */

import { smaller } from "./shrink.js";

/** The same files, smaller, in the place of those that were chosen. */
export async function shrink(input) {
  const chosen = [...input.files];
  const small = await Promise.all(chosen.map(smaller));
  const still = chosen.every((file, place) => file === input.files[place]);
  if (!still || small.every((file, place) => file === chosen[place])) return;
  const basket = new DataTransfer();
  small.forEach((file) => basket.items.add(file));
  input.files = basket.files;
}

export function start() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-photos]")) shrink(event.target);
  });
}
