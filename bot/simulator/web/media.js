// Photos, documents, voice messages and contacts inside a bubble.

import { h, icon, iconButton } from "./dom.js";
import { fileSize, seconds } from "./dates.js";
import { say } from "./words.js";

const WIDEST = 330;
const TALLEST = 400;

/** Draw a photo that opens in the lightbox. */
export function photo(item, lang, onOpen) {
  const ratio = (item.width || 4) / (item.height || 3);
  const width = Math.max(180, Math.min(WIDEST, item.width || WIDEST, TALLEST * ratio));
  const image = h("img", { src: item.url, alt: say(lang, "photo"), loading: "lazy", decoding: "async", draggable: false });
  const button = h("button", {
    type: "button", class: "photo", aria: { label: say(lang, "enlarge") }, on: { click: onOpen },
  }, image);
  image.width = Math.round(width);
  image.style.aspectRatio = String(Math.max(ratio, 0.6));
  return button;
}

const extension = (name) => (/\.([a-z0-9]{1,5})$/iu.exec(name)?.[1] ?? "").toLowerCase();

/** Draw the coloured sheet that shows a file's type. */
export function sheet(name) {
  const kind = extension(name);
  return h("span", { class: `sheet ${kind}`.trim(), aria: { hidden: true } }, kind ? kind.toUpperCase() : icon("file"));
}

/** Draw a document with its size; a click saves it, unless the message is protected. */
export function documentLine(item, lang, isProtected) {
  const name = item.file_name || say(lang, "file");
  const words = h("span", {}, h("b", { dir: "auto", title: name }, name), h("small", {}, fileSize(item.file_size, lang)));
  if (isProtected) {
    return h("span", { class: "doc", title: say(lang, "protected") }, sheet(name), words, icon("lock", "get"));
  }
  return h("a", {
    class: "doc", href: item.url, download: name, aria: { label: say(lang, "download", { name }) },
  }, sheet(name), words, h("span", { class: "icon-button get" }, icon("download")));
}

/** Draw a voice message with play, position and time. */
export function voice(item, lang) {
  const audio = new Audio();
  audio.preload = "metadata";
  audio.src = item.url;
  const total = () => (Number.isFinite(audio.duration) ? audio.duration : (item.duration ?? 0));
  const time = h("time", {}, seconds(item.duration ?? 0));
  const range = h("input", {
    type: "range", min: "0", max: "1000", value: "0", aria: { label: say(lang, "position") },
    on: { input: () => { audio.currentTime = (range.value / 1000) * total(); } },
  });
  const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
  const button = iconButton("play", say(lang, "play"), toggle);
  const show = () => {
    range.value = String(total() ? (audio.currentTime / total()) * 1000 : 0);
    time.textContent = seconds(audio.currentTime || total());
    const playing = !audio.paused && !audio.ended;
    button.replaceChildren(icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", say(lang, playing ? "pause" : "play"));
  };
  for (const event of ["timeupdate", "play", "pause", "ended", "loadedmetadata"]) audio.addEventListener(event, show);
  return h("div", { class: "voice", role: "group", aria: { label: say(lang, "voice") } }, button, range, time);
}

/** Draw a shared contact. */
export function contact(item, lang) {
  const name = [item.first_name, item.last_name].filter(Boolean).join(" ") || say(lang, "contact");
  return h("div", { class: "card" }, h("span", { class: "avatar small hue-0" }, icon("person")),
    h("div", {}, h("b", { dir: "auto" }, name), h("small", { dir: "ltr" }, item.phone_number ?? "")));
}
