// Brings the live map in only when somebody wants it; until then the drawn one stands in its place.

async function open(island) {
  const { mount } = await import("../map.js");
  mount(island);
}

export function start(root = document) {
  for (const island of root.querySelectorAll("[data-island=map]")) {
    const button = island.querySelector("[data-map-open]");
    if (island.dataset.mode === "pick") open(island);
    else if (button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        button.remove();
        open(island);
      });
    }
  }
}
