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
export const isSound = (file) => file.type.startsWith("audio/") || /\.(ogg|oga|opus)$/iu.test(file.name ?? "");
const ACCEPTED = { photo: [...PICTURES].join(","), voice: "audio/*,.ogg,.oga,.opus", document: "" };
const TITLES = { photo: "sendPhoto", voice: "sendVoice", document: "sendDocument" };
const kindOf = (file) => (isPicture(file) ? "photo" : isSound(file) ? "voice" : "document");

/** Let the person choose a file of a kind. */
export function chooseFile(kind, onFile) {
  const input = h("input", { type: "file", accept: ACCEPTED[kind], hidden: true });
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
  const fits = { photo: isPicture(file), voice: isSound(file) };
  const chosen = { kind: fits[kind] ? kind : "document" };
  const caption = h("input", { type: "text", maxLength: 1024, placeholder: say(lang, "caption"), aria: { label: say(lang, "caption") } });
  const title = h("h3");
  const view = h("div", { class: "preview" });
  const progress = h("progress", { max: 1, value: 0, hidden: true });
  const send = h("button", { type: "button", class: "big-button" }, say(lang, "send"));
  const other = fits.photo ? ["photo", "asPhoto"] : ["voice", "asVoice"];
  const segments = fits[other[0]] ? kinds(lang, other, (next) => show(next)) : null;
  const show = (next) => {
    chosen.kind = next;
    title.textContent = say(lang, TITLES[next]);
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
    const duration = parcel.kind === "voice" ? await lengthOf(parcel.file) : 0;
    await upload(user, { ...parcel, duration }, (share) => { progress.value = share; });
    close();
    onSent();
  } catch (error) {
    send.disabled = false;
    progress.hidden = true;
    onFailed(error);
  }
}

// A telephone tells how long a recording is; the page's policy allows no blob: to play it from.
async function lengthOf(file) {
  const context = new OfflineAudioContext(1, 1, 48000);
  const sound = await file.arrayBuffer().then((bytes) => context.decodeAudioData(bytes)).catch(() => null);
  return sound ? Math.max(1, Math.round(sound.duration)) : 0;
}

function kinds(lang, [kind, words], onKind) {
  const button = (kind, words) => h("button", { type: "button", data: { kind }, on: { click: () => onKind(kind) } }, say(lang, words));
  return h("div", { class: "segments", role: "group" }, button(kind, words), button("document", "asDocument"));
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
    if (file) onFile(file, kindOf(file));
  });
  screen.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    onFile(file, kindOf(file));
  });
}
