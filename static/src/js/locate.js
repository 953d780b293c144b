/** The record of a visit: writes down where one stands when the button is pressed, if the browser may tell. */

import { say } from "./announce.js";

const PLACES = 5; // decimals of a degree: about a metre
const OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

function offer() {
  document.querySelectorAll("[data-locate]").forEach((button) => {
    button.hidden = false;
  });
}

/** Fill the two fields of a place with a position. */
export function fill(place, { latitude, longitude }) {
  const [first, second] = place.querySelectorAll("input");
  first.value = latitude.toFixed(PLACES);
  second.value = longitude.toFixed(PLACES);
}

function locate(button) {
  const place = button.closest("[data-place]");
  button.disabled = true;
  const rest = () => { button.disabled = false; };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { fill(place, coords); rest(); },
    () => { say(place.dataset.failed); button.textContent = place.dataset.failed; rest(); },
    OPTIONS,
  );
}

export function start() {
  if (!navigator.geolocation) return;
  offer();
  document.body.addEventListener("htmx:afterSettle", offer);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-locate]");
    if (button) locate(button);
  });
}
