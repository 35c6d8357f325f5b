// The "?" dialog: every shortcut the present page really has, read from the page itself.

const SPOKEN = { Slash: "/", Escape: "Esc", Enter: "↵" };
const named = (code) => SPOKEN[code] ?? code.replace(/^(Key|Digit)/, "");

function entry(keys, text) {
  const item = document.createElement("li");
  const held = Object.assign(document.createElement("span"), { className: "k" });
  held.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  item.append(held, Object.assign(document.createElement("span"), { textContent: text }));
  return item;
}

function textOf(element) {
  const label = element.dataset.keyText ?? element.getAttribute("aria-label");
  const choice = element.closest("label") ?? element.labels?.[0] ?? element;
  return (label ?? (choice.querySelector("span") ?? choice).textContent).trim();
}

function found(words) {
  const entries = [];
  if (document.querySelector("[data-row]")) {
    entries.push(entry(["J"], words.wordNext), entry(["K"], words.wordPrevious), entry(["↵"], words.wordOpen));
  }
  if (document.querySelector("[data-row-select]")) entries.push(entry(["X"], words.wordSelect));
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (seen.has(element.dataset.key)) continue;
    seen.add(element.dataset.key);
    entries.push(entry(element.dataset.key.split(" ").map(named), textOf(element)));
  }
  return [...entries, entry(["Ctrl", "↵"], words.wordSend), entry(["?"], words.wordList)];
}

export function fillList() {
  const list = document.querySelector("[data-keys-list]");
  if (list) list.replaceChildren(...found(list.dataset));
}

export function listShortcuts() {
  const dialog = document.getElementById("keys");
  if (!dialog) return false;
  fillList();
  dialog.showModal();
  return true;
}
