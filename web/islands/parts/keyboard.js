// Shortcuts for people who do hundreds of tasks a day. Keys are read from event.code, because a Vietnamese input
// method rewrites what is typed; they rest in inputs, while composing, and in the burst of backspaces Telex sends.

import { listShortcuts } from "./shortcut_list.js";

const SEQUENCE = 1200;
const BURST = 50;
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

let started = { code: "", at: 0 };
let backspaceAt = 0;

const visible = (element) => element.checkVisibility?.() ?? true;
const targets = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(visible);

function act(element) {
  if (element.matches("input:not([type=radio], [type=checkbox]), textarea, select")) element.focus();
  else if (element.matches("[type=radio]")) {
    element.focus();
    element.click();
  } else element.click();
}

function press(key) {
  const [element] = targets(key);
  if (element) act(element);
  return Boolean(element);
}

function sequence(code) {
  const first = Date.now() - started.at < SEQUENCE ? started.code : "";
  started = { code: "", at: 0 };
  if (first && press(`${first} ${code}`)) return true;
  if (document.querySelector(`[data-key^="${CSS.escape(code)} "]`)) started = { code, at: Date.now() };
  return Boolean(started.code);
}

const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);

function rowNow() {
  const all = rows();
  const focused = all.indexOf(document.activeElement?.closest?.("li")?.querySelector("[data-row]"));
  return [all, focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute("aria-current"))];
}

function move(step, extend) {
  const [all, here] = rowNow();
  const row = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  if (!row) return false;
  if (extend) for (const each of [all[here], row]) select(each, true);
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function select(row, on) {
  const box = row?.closest("li")?.querySelector("[data-row-select]");
  if (!box) return false;
  box.checked = on ?? !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function send() {
  const form = document.activeElement?.closest("form") ?? document.querySelector("form[data-task]");
  if (!form) return false;
  const button = form.querySelector("button:not([type=button])");
  form.requestSubmit(button ?? undefined);
  return true;
}

function handle(event) {
  const { code, shiftKey } = event;
  if (code === "Slash" && shiftKey) return listShortcuts();
  if (code === "KeyJ") return move(1, shiftKey);
  if (code === "KeyK") return move(-1, shiftKey);
  if (code === "KeyX") {
    const [all, here] = rowNow();
    return select(all[here]);
  }
  return sequence(code) || press(code);
}

function onKey(event) {
  const mode = document.body.dataset.keys;
  if (event.code === "Backspace" && !event.isTrusted) backspaceAt = event.timeStamp;
  const composing = event.isComposing || event.keyCode === 229 || event.timeStamp - backspaceAt < BURST;
  if (mode === "off" || event.defaultPrevented || composing || document.querySelector("dialog[open]")) return;
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) return void (send() && event.preventDefault());
  if (event.ctrlKey || event.metaKey || event.altKey !== (mode === "alt")) return;
  const typing = event.target.closest?.(TYPING);
  if (typing && event.code !== "Escape") return;
  if (typing) typing.blur();
  else if (handle(event)) event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", onKey);
}
