// Shrinks pictures on the phone before they are sent and shows what was chosen. Several visits to the camera add up.

const LONGEST_SIDE = 2048;
const QUALITY = 0.8;

async function shrunk(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const bitmap = await createImageBitmap(file); // turns by the EXIF orientation
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(bitmap.width * scale),
      height: Math.round(bitmap.height * scale),
    });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // a format this browser cannot draw; the server can
  }
}

function fill(input, files) {
  const bag = new DataTransfer();
  files.forEach((file) => bag.items.add(file));
  input.files = bag.files;
}

function removeButton(picker, number, remove) {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.setAttribute("aria-label", picker.dataset.wordRemove.replace("{n}", number));
  button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6 6 18"/></svg>';
  button.addEventListener("click", remove);
  return button;
}

function mount(picker) {
  const field = picker.parentElement;
  const [thumbs, said] = [field.querySelector("[data-thumbs]"), field.querySelector("[data-photos-said]")];
  const inputs = [...picker.querySelectorAll("input[type=file]")];
  const limit = Number(picker.dataset.limit);
  let kept = [];

  function show() {
    thumbs.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    thumbs.replaceChildren(...kept.map((file, index) => {
      const item = document.createElement("li");
      const image = Object.assign(document.createElement("img"), { alt: file.name, width: 96, height: 72 });
      image.src = URL.createObjectURL(file);
      item.append(image, removeButton(picker, index + 1, () => drop(file)));
      return item;
    }));
  }

  function keep(files, message = "") {
    kept = files;
    inputs.forEach((input) => fill(input, input === inputs.at(-1) ? kept : []));
    said.textContent = message;
    show();
    picker.closest("form")?.dispatchEvent(new CustomEvent("photos-changed", { bubbles: true, detail: kept.length }));
  }

  function drop(file) {
    keep(kept.filter((other) => other !== file));
    inputs.at(-1).focus();
  }

  async function add(input) {
    const fresh = await Promise.all([...input.files].filter((file) => !kept.includes(file)).map(shrunk));
    const before = input.multiple || input.hasAttribute("capture") ? kept : [];
    const all = [...before, ...fresh];
    keep(all.slice(0, limit), all.length > limit ? picker.dataset.wordLimit.replace("{n}", limit) : "");
  }

  inputs.forEach((input) => input.addEventListener("change", () => add(input)));
}

export function start(root = document) {
  root.querySelectorAll("[data-photos]").forEach(mount);
}
