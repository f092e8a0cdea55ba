// Files on their way out: choose, paste or drop, look, add a caption, send.

import { upload } from "./api.js";
import { h, icon, iconButton } from "./dom.js";
import { fileSize } from "./dates.js";
import { sheet } from "./media.js";
import { veil } from "./overlays.js";
import { say } from "./words.js";

const PICTURES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"]);
const PREVIEW = 720;

export const isPicture = (file) => PICTURES.has(file.type);

/** Let the person choose a file of a kind. */
export function chooseFile(kind, onFile) {
  const input = h("input", { type: "file", accept: kind === "photo" ? [...PICTURES].join(",") : "", hidden: true });
  input.addEventListener("change", () => {
    if (input.files[0]) onFile(input.files[0], kind);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}

/** Show the file before it leaves; context: user, lang, screen, onSent, onFailed. */
export function attachSheet(file, kind, context) {
  const { lang, screen } = context;
  const chosen = { kind: isPicture(file) ? kind : "document" };
  const caption = h("input", { type: "text", maxLength: 1024, placeholder: say(lang, "caption"), aria: { label: say(lang, "caption") } });
  const title = h("h3");
  const view = h("div", { class: "preview" });
  const progress = h("progress", { max: 1, value: 0, hidden: true });
  const send = h("button", { type: "button", class: "big-button" }, say(lang, "send"));
  const segments = isPicture(file) ? kinds(lang, (next) => show(next)) : null;
  const show = (next) => {
    chosen.kind = next;
    title.textContent = say(lang, next === "photo" ? "sendPhoto" : "sendDocument");
    segments?.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.kind === next)));
    view.replaceChildren(next === "photo" ? picture(file) : documentView(file, lang));
  };
  const box = h("div", { class: "sheet-box", role: "dialog", aria: { modal: true, label: say(lang, "attach") } },
    h("header", {}, title, iconButton("close", say(lang, "cancel"), () => close())), segments, view, caption, progress, send);
  show(chosen.kind);
  const close = veil(screen, box);
  const leave = () => dispatch({ file, kind: chosen.kind, caption: caption.value.trim() }, { send, progress, close }, context);
  send.addEventListener("click", leave);
  caption.addEventListener("keydown", (event) => event.key === "Enter" && leave());
  caption.focus({ preventScroll: true });
}

async function dispatch(parcel, { send, progress, close }, { user, onSent, onFailed }) {
  if (send.disabled) return;
  send.disabled = true;
  progress.hidden = false;
  try {
    await upload(user, parcel, (share) => { progress.value = share; });
    close();
    onSent();
  } catch (error) {
    send.disabled = false;
    progress.hidden = true;
    onFailed(error);
  }
}

function kinds(lang, onKind) {
  const button = (kind, words) => h("button", { type: "button", data: { kind }, on: { click: () => onKind(kind) } }, say(lang, words));
  return h("div", { class: "segments", role: "group" }, button("photo", "asPhoto"), button("document", "asDocument"));
}

// A canvas, because the page's policy allows no blob: or data: image.
function picture(file) {
  const canvas = h("canvas", { width: 4, height: 3 });
  createImageBitmap(file).then((bitmap) => {
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  }).catch(() => canvas.replaceWith(icon("image")));
  return canvas;
}

function documentView(file, lang) {
  return h("div", { class: "doc" }, sheet(file.name),
    h("span", {}, h("b", { dir: "auto" }, file.name), h("small", {}, fileSize(file.size, lang))));
}

/** Take files dropped on a phone or pasted into it. */
export function acceptFiles(screen, lang, onFile) {
  let depth = 0;
  let target = null;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const clear = () => { depth = 0; target?.remove(); target = null; };
  screen.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    depth += 1;
    if (!target) screen.append(target = h("div", { class: "drop" }, icon("attach"), say(lang, "drop")));
  });
  screen.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) clear(); });
  screen.addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  screen.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    clear();
    const file = event.dataTransfer.files[0];
    if (file) onFile(file, isPicture(file) ? "photo" : "document");
  });
  screen.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    onFile(file, isPicture(file) ? "photo" : "document");
  });
}
