// Turns the boards of a video wall, fetches them anew, and says in words when that has not worked for a while.

const [LOOK_S, STALE_LOOKS, REBOOT_LOOKS, SHIFT_MS, HELD_MS, ASK_MS] = [30, 2, 10, 600000, 30000, 4000];
const body = document.body;
const every = Number(body.dataset.every) * 1000;
const boards = () => [...document.querySelectorAll(".board")];
const time = (at) => `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
let here = 0;
let isPaused = false;
let missed = 0;
let lastGood = new Date();
let heldUntil = 0;
let turn = 0;
let version = null;
const told = new Set();
const styles = document.querySelector("link[rel=stylesheet]")?.href;

function show(number) {
  const all = boards();
  here = (number + all.length) % all.length;
  all.forEach((board, place) => board.classList.toggle("on", place === here));
}

// Tiles that share a place in a grid take turns too.
function turnTiles() {
  for (const cell of document.querySelectorAll(".cell")) {
    const parts = [...cell.children];
    parts.forEach((part, place) => part.classList.toggle("on", place === turn % parts.length));
  }
}

function next() {
  turn += 1;
  turnTiles();
  show(here + 1);
}

// What is urgent comes to the front once, and stays for half a minute before the boards turn on.
function pressing() {
  const board = document.querySelector("[data-urgent]");
  const codes = board ? board.dataset.urgent.split(" ") : [];
  const isNew = codes.some((code) => !told.has(code));
  codes.forEach((code) => told.add(code));
  if (!isNew) return;
  show(boards().indexOf(board));
  heldUntil = Date.now() + HELD_MS;
}

function say() {
  body.classList.toggle("lost", missed > 0);
  body.classList.toggle("stale", missed >= STALE_LOOKS);
  const link = document.querySelector("[data-link]");
  if (missed) link.textContent = body.dataset.wordLost.replace("{time}", time(lastGood));
  else if (isPaused) link.textContent = `${body.dataset.wordPaused} · ${time(lastGood)}`;
  else link.textContent = `${body.dataset.wordOnline} · ${time(lastGood)}`;
}

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.querySelector("link[rel=stylesheet]")?.href !== styles) location.reload(); // another version was deployed
    if (fresh.body.dataset.page !== body.dataset.page) location.reload(); // another layout
    const named = boards()[here]?.id;
    const main = fresh.querySelector("main.wall");
    if (!main) throw new Error("no wall");
    document.querySelector("main.wall").replaceWith(document.adoptNode(main));
    show(Math.max(boards().findIndex((board) => board.id === named), 0));
    turnTiles();
    pressing();
    [missed, lastGood] = [0, new Date()];
  } catch {
    missed += 1;
    if (missed % REBOOT_LOOKS === 0 && navigator.onLine) location.reload();
  }
  say();
}

// What the desk wants shown: asked for often, for it is tiny; the boards are fetched anew only when it changed.
async function obey() {
  let order;
  try {
    const answer = await fetch("/wall/state", { cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    order = await answer.json();
  } catch { return; } // the look of every half minute says what is wrong
  if (order.version === version) return;
  const isFirst = version === null;
  version = order.version;
  if (!isFirst) await look();
  isPaused = order.paused;
  const place = boards().findIndex((board) => board.id === order.front);
  if (place >= 0) { show(place); heldUntil = order.paused ? 0 : Date.now() + 300000; } else if (!isFirst) heldUntil = 0;
  say();
}

function tick() {
  const now = new Date();
  document.querySelector("[data-clock]").textContent = time(now);
  body.classList.toggle("night", now.getHours() >= 22 || now.getHours() < 6);
  if (now.getHours() === 3 && now.getMinutes() === 0 && performance.now() > 3600000) location.reload(); // memory
}

// Two pixels to and fro against burning in.
function shift() {
  const step = Math.floor(Date.now() / SHIFT_MS) % 2;
  body.style.translate = `${step * 2}px 0`;
}

const keys = {
  ArrowRight: next,
  ArrowLeft: () => show(here - 1),
  " ": () => { isPaused = !isPaused; say(); },
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
document.addEventListener("keydown", (event) => {
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act && !event.ctrlKey && !event.metaKey) { event.preventDefault(); act(); }
});
navigator.wakeLock?.request("screen").catch(() => {});
setInterval(() => { if (!isPaused && Date.now() >= heldUntil) next(); }, every);
setInterval(look, LOOK_S * 1000);
setInterval(tick, 1000);
setInterval(obey, ASK_MS);
setInterval(shift, 60000);
addEventListener("offline", look);
addEventListener("online", look);
tick();
pressing();
say();
obey();
