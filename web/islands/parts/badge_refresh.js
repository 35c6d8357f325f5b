// Deadline badges grow old. The server writes them anew every minute; nothing is reckoned here, for only the server
// knows working time and holidays.

const EVERY = 60_000;

async function refresh() {
  const badges = [...document.querySelectorAll("[data-sla]")];
  if (!badges.length || document.hidden || !navigator.onLine) return;
  const ids = [...new Set(badges.map((badge) => badge.dataset.sla))];
  const answer = await fetch(`${document.body.dataset.slaUrl}?ids=${ids.join(",")}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const badge of fresh.querySelectorAll("[data-sla]")) {
    document.querySelectorAll(`[data-sla="${CSS.escape(badge.dataset.sla)}"]`).forEach((old) => old.replaceWith(document.importNode(badge, true)));
  }
}

export function start() {
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
