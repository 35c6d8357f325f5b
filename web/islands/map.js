// The live map: choosing a place under a fixed pin, or looking at cases. Wards are drawn from data in the page;
// pictures of streets come only if the page names a tile server of the city's own.

import L from "leaflet";
import leafletStyles from "leaflet/dist/leaflet.css" with { type: "text" };

const STEP_METRES = 10;
const REST = 600;
const PIN = '<svg class="centre-pin" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 23s8-7 8-13.5a8 8 0 0 0-16 0C4 16 12 23 12 23z"/><circle cx="12" cy="9.5" r="3" fill="#fff"/></svg>';
const SHAPES = {
  overdue: '<path class="pin pin-overdue" d="M12 3l10 18H2z"/>',
  soon: '<path class="pin pin-soon" d="M3 3h18L3 21h18z"/>',
  paused: '<path class="pin pin-paused" d="M4 3h6v18H4zM14 3h6v18h-6z"/>',
  ontime: '<circle class="pin pin-ontime" cx="12" cy="12" r="9"/>',
  met: '<circle class="pin pin-met" cx="12" cy="12" r="8"/>',
  late: '<path class="pin pin-late" d="M12 4l9 16H3z"/>',
};

function wearStyles() {
  if (document.adoptedStyleSheets.some((sheet) => sheet.isLeaflet)) return;
  const sheet = Object.assign(new CSSStyleSheet(), { isLeaflet: true });
  sheet.replaceSync(`@layer leaflet { ${leafletStyles.replace(/url\([^)]*\)/g, "none")} }`);
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
}

function canvasIn(frame, label) {
  const live = Object.assign(document.createElement("div"), { className: "map map-live" });
  const canvas = Object.assign(document.createElement("div"), { className: "canvas", tabIndex: 0 });
  canvas.setAttribute("role", "group");
  canvas.setAttribute("aria-label", label ?? "");
  live.append(canvas);
  frame.replaceWith(live);
  return canvas;
}

function drawAreas(map, areas) {
  for (const area of areas) {
    const shape = L.geoJSON(area.polygon, { interactive: false, style: { className: "land", weight: 1.5, fillOpacity: 1, opacity: 1 } }).addTo(map);
    const name = Object.assign(document.createElement("span"), { className: "map-label", textContent: area.name });
    L.marker(shape.getBounds().getCenter(), { interactive: false, keyboard: false, icon: L.divIcon({ className: "", html: name, iconSize: [120, 20] }) }).addTo(map);
  }
}

function drawCases(map, points) {
  for (const point of points) {
    const html = `<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">${SHAPES[point.state] ?? SHAPES.ontime}</svg>`;
    const marker = L.marker([point.lat, point.lon], { title: point.title, icon: L.divIcon({ className: "", html, iconSize: [24, 24] }) }).addTo(map);
    marker.getElement().setAttribute("aria-label", point.title ?? "");
    if (point.href) marker.getElement().setAttribute("role", "link");
    marker.on("click keypress", (event) => {
      if (point.href && (event.type === "click" || event.originalEvent.key === "Enter")) location.assign(point.href);
    });
  }
}

function makeMap(canvas, { bounds: [south, west, north, east], tiles, words = {} }) {
  const city = L.latLngBounds([south, west], [north, east]);
  const map = L.map(canvas, { zoomControl: false, attributionControl: Boolean(tiles), maxBounds: city.pad(0.15), zoomSnap: 0.5, maxZoom: 19 });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.fitBounds(city);
  map.setMinZoom(map.getZoom() - 0.5);
  if (tiles) L.tileLayer(tiles.url, { attribution: tiles.attribution }).addTo(map);
  return map;
}

function choosePlace(island, map, content) {
  const form = island.closest("form") ?? island;
  const [lat, lon] = [form.querySelector("[data-geo-lat]"), form.querySelector("[data-geo-lon]")];
  const listener = island.dataset.changed && document.querySelector(island.dataset.changed);
  const near = content.tiles ? 17 : 14; // without streets, only the borders say where one is
  let pause;
  const note = (north, east) => {
    lat.value = north.toFixed(6);
    lon.value = east.toFixed(6);
    clearTimeout(pause);
    pause = setTimeout(() => listener?.dispatchEvent(new CustomEvent("place-changed", { bubbles: true })), REST);
  };
  // The map rests on whole pixels; the noted place is the exact one.
  const go = (north, east) => {
    map.setView([north, east], Math.max(map.getZoom(), near), { animate: false });
    note(north, east);
  };
  map.getContainer().insertAdjacentHTML("beforeend", PIN);
  if (lat.value) map.setView([lat.value, lon.value], near, { animate: false });
  map.on("moveend", () => note(map.getCenter().lat, map.getCenter().lng));
  const around = L.circle([0, 0], { radius: 0, interactive: false, className: "accuracy" });
  const show = (found) => {
    around.setLatLng([found.lat, found.lon]).setRadius(found.accuracy).addTo(map);
    go(found.lat, found.lon);
  };
  form.addEventListener("place-found", ({ detail }) => show(detail));
  const accuracy = form.querySelector("[data-geo-accuracy]")?.value; // the phone knew its place before this map had come
  if (accuracy) show({ lat: Number(lat.value), lon: Number(lon.value), accuracy: Number(accuracy) });
  nudgeButtons(island, () => (lat.value ? { lat: Number(lat.value), lng: Number(lon.value) } : map.getCenter()), go);
}

function nudgeButtons(island, place, go) {
  const nudge = island.querySelector("[data-nudge]");
  nudge.hidden = false;
  nudge.addEventListener("click", (event) => {
    const way = event.target.closest("[data-move]")?.dataset.move;
    if (!way) return;
    const { lat, lng } = place();
    const north = STEP_METRES / 111320;
    const east = north / Math.cos((lat * Math.PI) / 180);
    const [up, right] = { north: [north, 0], south: [-north, 0], east: [0, east], west: [0, -east] }[way];
    go(lat + up, lng + right);
  });
}

export function mount(island) {
  const frame = island.querySelector("[data-map-frame]");
  if (!frame) return;
  const content = JSON.parse(document.getElementById(island.dataset.map).textContent);
  wearStyles();
  const map = makeMap(canvasIn(frame, content.words?.label), content);
  drawAreas(map, content.areas ?? []);
  if (island.dataset.mode === "pick") choosePlace(island, map, content);
  else {
    drawCases(map, content.points ?? []);
    map.getContainer().focus();
  }
}
