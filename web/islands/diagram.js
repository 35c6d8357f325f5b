// Draws a process and where it stands. The words beside the drawing say the same; nothing can be changed here.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";

const MARGIN = 24;
const READABLE = 0.5;
const COMFORTABLE = 0.75;
const MARKERS = { visited: "visited", active: "token", incidents: "incident" };

const ids = (text) => (text ?? "").split(",").filter(Boolean);

// Colours are asked from the page, so the drawing follows the light or dark theme.
function colours() {
  const style = getComputedStyle(document.documentElement);
  const named = (name) => style.getPropertyValue(name).trim();
  return { defaultFillColor: named("--c-bg"), defaultStrokeColor: named("--c-line-strong"), defaultLabelColor: named("--c-ink") };
}

function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const box = canvas.viewbox();
  const margin = MARGIN / box.scale;
  const scale = Math.min(box.outer.width / (box.inner.width + 2 * margin), box.outer.height / (box.inner.height + 2 * margin), 1.25);
  const [width, height] = [box.outer.width / scale, box.outer.height / scale];
  canvas.viewbox({ x: box.inner.x - (width - box.inner.width) / 2, y: box.inner.y - (height - box.inner.height) / 2, width, height });
}

// A long flat process needs a low frame; the style sheet keeps the outer limits.
function shape(canvas, island) {
  const { inner } = canvas.viewbox();
  island.style.height = `${Math.round((inner.height / inner.width) * island.clientWidth) + 4 * MARGIN}px`;
  canvas.resized();
}

function pill(text, kind = "") {
  return Object.assign(document.createElement("span"), { className: `mark-on ${kind}`, textContent: text });
}

function paint(viewer, island) {
  const [canvas, elements, overlays] = ["canvas", "elementRegistry", "overlays"].map((name) => viewer.get(name));
  const label = (id, text, kind) => overlays.add(id, { position: { top: -12, left: elements.get(id).width / 2 }, html: pill(text, kind), show: { minZoom: 0.4 } });
  for (const [kind, marker] of Object.entries(MARKERS)) {
    ids(island.dataset[kind]).filter((id) => elements.get(id)).forEach((id) => canvas.addMarker(id, marker));
  }
  ids(island.dataset.active).filter((id) => elements.get(id)).forEach((id) => label(id, island.dataset.wordActive));
  ids(island.dataset.incidents).filter((id) => elements.get(id)).forEach((id) => label(id, island.dataset.wordIncident, "mark-bad"));
  for (const [id, heat] of Object.entries(JSON.parse(island.dataset.heat || "{}"))) {
    if (!elements.get(id)) continue;
    if (heat.level) canvas.addMarker(id, `heat-${heat.level}`);
    if (heat.text) label(id, heat.text, heat.level ? "" : "mark-quiet");
  }
  for (const [id, flow] of Object.entries(JSON.parse(island.dataset.flows || "{}"))) {
    if (!elements.get(id)) continue;
    canvas.addMarker(id, `flow-${flow.level}`);
    if (flow.text) overlays.add(id, { position: middle(elements.get(id)), html: pill(flow.text, "mark-quiet"), show: { minZoom: 0.4 } });
  }
}

// Half-way along a flow, from the corner of what it is drawn in, as overlays are placed.
function middle({ waypoints }) {
  const lengths = waypoints.slice(1).map((point, index) => Math.hypot(point.x - waypoints[index].x, point.y - waypoints[index].y));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  const index = lengths.findIndex((length) => (left -= length) <= 0);
  const [from, to, part] = [waypoints[index], waypoints[index + 1], 1 + left / (lengths[index] || 1)];
  const corner = (axis) => Math.min(...waypoints.map((point) => point[axis]));
  return { left: from.x + (to.x - from.x) * part - corner("x"), top: from.y + (to.y - from.y) * part - corner("y") - 9 };
}

// A long process drawn whole is too small to read: begin where the case is; one button shows everything.
function begin(viewer, island) {
  const [canvas, elements] = ["canvas", "elementRegistry"].map((name) => viewer.get(name));
  const here = ids(island.dataset.active).map((id) => elements.get(id)).find(Boolean);
  const { scale, outer } = canvas.viewbox();
  if (!here || scale >= READABLE) return;
  const [width, height] = [outer.width / COMFORTABLE, outer.height / COMFORTABLE];
  canvas.viewbox({ x: here.x + (here.width - width) / 2, y: here.y + (here.height - height) / 2, width, height });
}

function zoomButtons(viewer, island) {
  const acts = { in: () => viewer.get("zoomScroll").stepZoom(1), out: () => viewer.get("zoomScroll").stepZoom(-1), fit: () => fit(viewer.get("canvas")) };
  for (const button of island.querySelectorAll("[data-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", acts[button.dataset.zoom]);
  }
}

// Elements that the page lists as [data-element="id"] are pointed at, and the other way round.
function pointers(viewer) {
  const canvas = viewer.get("canvas");
  for (const row of document.querySelectorAll("[data-element]")) {
    const mark = (on) => viewer.get("elementRegistry").get(row.dataset.element) && canvas[on ? "addMarker" : "removeMarker"](row.dataset.element, "pointed");
    for (const [name, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) row.addEventListener(name, () => mark(on));
  }
  viewer.on("element.click", ({ element }) => {
    const row = document.querySelector(`[data-element="${CSS.escape(element.id)}"]`);
    row?.scrollIntoView({ block: "nearest" });
    (row?.querySelector("a, button") ?? row)?.focus();
  });
}

async function mount(island) {
  const viewer = new NavigatedViewer({ container: island.querySelector(".canvas"), bpmnRenderer: colours(), textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } } });
  try {
    const answer = await fetch(island.dataset.xmlUrl);
    await viewer.importXML(await answer.text());
  } catch {
    island.querySelector(".canvas").textContent = island.dataset.wordFailed;
    return;
  }
  shape(viewer.get("canvas"), island);
  fit(viewer.get("canvas"));
  paint(viewer, island);
  begin(viewer, island);
  zoomButtons(viewer, island);
  pointers(viewer);
}

document.querySelectorAll("[data-island=diagram]").forEach(mount);
