// htmx and what every page that uses it agrees on: a thin bar when an answer takes long, a reload when the sign-in ran out.

import htmx from "htmx.org";

const SLOW = 400;

export function start() {
  const waiting = new Map();
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    waiting.set(ctx, setTimeout(() => (document.documentElement.dataset.busy = ""), SLOW));
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    clearTimeout(waiting.get(ctx));
    waiting.delete(ctx);
    if (!waiting.size) delete document.documentElement.dataset.busy;
  });
  document.addEventListener("htmx:before:response", (event) => {
    if (event.detail.ctx.response?.status !== 401) return;
    event.preventDefault();
    location.reload();
  });
  return htmx;
}
