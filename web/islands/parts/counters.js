// Says how many characters are left, once four fifths are used.

function counterOf(area) {
  const known = area.nextElementSibling;
  if (known?.classList.contains("counter")) return known;
  const counter = Object.assign(document.createElement("p"), { className: "counter" });
  counter.setAttribute("aria-live", "polite");
  area.after(counter);
  return counter;
}

function count(area) {
  const limit = Number(area.dataset.counter);
  const left = limit - area.value.length;
  const counter = counterOf(area);
  const words = left < 0 ? area.dataset.counterOver : area.dataset.counterLeft;
  counter.textContent = left <= limit / 5 ? words.replace("{n}", Math.abs(left)) : "";
  counter.toggleAttribute("data-over", left < 0);
}

export function start() {
  document.addEventListener("input", (event) => event.target.matches?.("[data-counter]") && count(event.target));
  document.querySelectorAll("[data-counter]").forEach(count);
}
