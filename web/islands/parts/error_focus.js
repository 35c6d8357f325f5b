// After a refused form the summary of what is wrong gets the focus. Refreshes nobody asked for never move it.

export function start() {
  const focus = () => document.querySelector("[data-error-summary]")?.focus();
  focus();
  document.addEventListener("htmx:after:swap", ({ detail }) => detail.ctx.response?.status === 422 && focus());
}
