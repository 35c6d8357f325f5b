// Shows a layout of a wall while it is being written.

const PAUSE_MS = 600;

export function start() {
  const form = document.querySelector("[data-wall-preview]");
  const frame = document.querySelector(".wall-preview iframe");
  if (!form || !frame) return;
  let waiting = 0;
  const look = () => {
    const said = [...new FormData(form)].filter(([name, value]) => value && !["csrf_token", "name"].includes(name));
    frame.src = `${form.dataset.wallPreview}?${new URLSearchParams([...said, ["preview", "1"]])}`;
  };
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });
}
