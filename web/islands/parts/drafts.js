// Keeps what was typed on this device until it is sent. Secrets, files and hidden fields are never kept.

const KEPT = "input:not([type=file], [type=password], [type=hidden], [name=csrf_token]), textarea, select";
const PREFIX = "caseway.draft.";

function store(action) {
  try {
    return action(localStorage);
  } catch {
    return null; // private windows and full disks: the form works without a draft
  }
}

function controlsOf(form) {
  return [...form.querySelectorAll(KEPT)].filter((control) => control.name && !control.closest(".trap"));
}

const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

function remember(form) {
  const kept = {};
  for (const control of controlsOf(form)) {
    if (isChoice(control)) (kept[control.name] ??= []).push(...(control.checked ? [control.value] : []));
    else kept[control.name] = control.value;
  }
  store((local) => local.setItem(PREFIX + form.dataset.draft, JSON.stringify(kept)));
}

function recall(form) {
  const kept = JSON.parse(store((local) => local.getItem(PREFIX + form.dataset.draft)) ?? "null");
  if (!kept) return;
  const untouched = controlsOf(form).every((control) => isChoice(control) || control.value === control.defaultValue || control.tagName === "SELECT");
  for (const control of untouched ? controlsOf(form) : []) {
    const value = kept[control.name];
    if (value === undefined) continue;
    if (isChoice(control)) control.checked = value.includes(control.value);
    else if (!control.value) control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function start() {
  for (const done of document.querySelectorAll("[data-draft-clear]")) {
    for (const key of done.dataset.draftClear.split(" ")) store((local) => local.removeItem(PREFIX + key));
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!form.querySelector("[data-error-summary]")) recall(form);
    let pause;
    form.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => remember(form), 400);
    });
    form.addEventListener("submit", () => remember(form));
  }
}
