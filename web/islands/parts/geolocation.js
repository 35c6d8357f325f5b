// Asks where the phone is: on the button, or at the moment the camera is opened (pictures no longer carry their place).

const PATIENCE = { enableHighAccuracy: true, timeout: 8000, maximumAge: 30000 };

function fill(form, { latitude, longitude, accuracy }) {
  const set = (selector, value) => {
    const input = form.querySelector(selector);
    if (input) input.value = value;
  };
  set("[data-geo-lat]", latitude.toFixed(6));
  set("[data-geo-lon]", longitude.toFixed(6));
  set("[data-geo-accuracy]", Math.round(accuracy));
  form.dispatchEvent(new CustomEvent("place-found", { bubbles: true, detail: { lat: latitude, lon: longitude, accuracy } }));
}

function locate(form, say = () => {}, words = {}) {
  say(words.wordWait);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill(form, coords);
      say(words.wordFound?.replace("{n}", Math.round(coords.accuracy)));
    },
    (refusal) => say(refusal.code === refusal.PERMISSION_DENIED ? words.wordDenied : words.wordFailed),
    PATIENCE,
  );
}

export function start() {
  if (!navigator.geolocation) return;
  for (const button of document.querySelectorAll("[data-geolocate]")) {
    const said = button.parentElement.querySelector("[data-geo-said]");
    button.hidden = false;
    button.addEventListener("click", () => locate(button.form, (text) => said && (said.textContent = text ?? ""), button.dataset));
  }
  for (const camera of document.querySelectorAll("input[data-locate]")) {
    camera.addEventListener("click", () => locate(camera.form));
  }
}
