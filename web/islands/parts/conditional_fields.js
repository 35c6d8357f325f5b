// Hides the fields whose data-conditional says so, and switches their inputs off so that they are not sent.

import { compile } from "./hide_expression.js";

const compiled = new Map();

function rule(source) {
  if (!compiled.has(source)) {
    try {
      compiled.set(source, compile(source));
    } catch {
      compiled.set(source, () => false); // shown: the server decides what counts
    }
  }
  return compiled.get(source);
}

function answersOf(form) {
  const answers = {};
  for (const control of form.elements) {
    if (!control.name || control.closest("[data-hidden]")) continue;
    if (control.type === "radio") {
      if (control.checked) answers[control.name] = control.value;
    } else if (control.type === "checkbox") {
      answers[control.name] = control.checked ? control.value : (answers[control.name] ?? "false");
    } else answers[control.name] = control.value === "" ? null : control.value;
  }
  return answers;
}

function settle(form) {
  for (const field of form.querySelectorAll("[data-conditional]")) {
    const hide = rule(field.dataset.conditional)(answersOf(form));
    field.hidden = hide;
    field.toggleAttribute("data-hidden", hide);
    for (const control of field.querySelectorAll("input, select, textarea")) control.disabled = hide;
  }
}

export function settleAll(root = document) {
  for (const form of root.querySelectorAll("form:has([data-conditional])")) settle(form);
}

export function start() {
  settleAll();
  const again = (event) => event.target.form && settle(event.target.form);
  document.addEventListener("input", again);
  document.addEventListener("change", again);
  document.addEventListener("htmx:after:swap", () => settleAll());
}
