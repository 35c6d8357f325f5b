// Copying a tracking code and passing a page on.

export function start() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.querySelector("span") ?? button;
      const before = label.textContent;
      label.textContent = button.dataset.wordDone ?? before;
      setTimeout(() => (label.textContent = before), 2500);
    });
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share || location.href }).catch(() => {}));
  }
}
