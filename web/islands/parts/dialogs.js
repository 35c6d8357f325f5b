// Opens <dialog> elements. The opener is a link to a page that asks the same, so nothing is lost without this.

export function start() {
  for (const opener of document.querySelectorAll("button[data-dialog][hidden]")) opener.hidden = false;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      document.querySelectorAll("[popover]:popover-open").forEach((open) => open.hidePopover());
      dialog.showModal();
    } else if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    else if (event.target.matches("dialog[open]")) event.target.close(); // the backdrop
  });
}
