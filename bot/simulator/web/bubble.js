// One message: quote, media, text, time, keyboard.

import { fullName, h, icon, iconButton } from "./dom.js";
import { clock, fullMoment } from "./dates.js";
import { isWide, keyboard } from "./keys.js";
import { contact, documentLine, photo, voice } from "./media.js";
import { richText } from "./rich-text.js";
import { say } from "./words.js";

const JUMBO = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D|\p{Emoji_Modifier})*\s?){1,3}$/u;

/** Describe a message in one line, for quotes and announcements. */
export function oneLine(message, lang) {
  const words = (message.text || message.caption || "").replace(/\s+/gu, " ").trim();
  if (words) return words.slice(0, 160);
  if (message.photo) return say(lang, "photo");
  if (message.document) return message.document.file_name || say(lang, "document");
  if (message.voice) return say(lang, "voice");
  return say(lang, message.contact ? "contact" : "message");
}

/** Draw a message; context: lang, person, bot, find and the listeners of the phone. */
export function renderMessage(message, context) {
  const keys = keyboard(message, context);
  const element = h("article", {
    class: classes(message, keys), tabIndex: -1, data: { id: message.message_id }, aria: { label: author(message, context) },
    on: { contextmenu: (event) => openMenu(event, message, context), keydown: (event) => onKey(event, message, context) },
  }, h("div", { class: "bubble" }, inside(message, context)), keys, handle(message, context));
  holdToOpen(element, message, context);
  return element;
}

function classes(message, keys) {
  const names = ["msg", message.out ? "out" : "in"];
  if (keys) names.push("keyed");
  if (keys && isWide(message.buttons)) names.push("wide");
  if (message.photo && !message.html) names.push("bare");
  if (!message.html && (message.document || message.voice)) names.push("wordless");
  if (message.protected) names.push("protected");
  if (!message.photo && JUMBO.test(message.text ?? "") && !keys) names.push("jumbo");
  return names.join(" ");
}

const author = (message, { person, bot }) => (message.out ? fullName(person) : bot.first_name);

function inside(message, context) {
  const { lang } = context;
  return [
    message.reply_to ? quote(message, context) : null,
    message.photo ? photo(message.photo, lang, () => context.onPhoto(message)) : null,
    message.document ? documentLine(message.document, lang, message.protected) : null,
    message.voice ? voice(message.voice, lang) : null,
    message.contact ? contact(message.contact, lang) : null,
    text(message, context),
  ];
}

function text(message, context) {
  const follow = (event) => {
    const anchor = event.target.closest("a");
    if (anchor && context.onLink(anchor.href)) event.preventDefault();
  };
  return h("div", { class: "text", dir: "auto", on: { click: follow } },
    richText(message.html ?? "", { lang: context.lang, onCommand: context.onCommand }), meta(message, context.lang));
}

function meta(message, lang) {
  return h("span", { class: "meta", title: fullMoment(message.edit_date ?? message.date, lang) },
    message.protected ? icon("lock", "small") : null,
    message.silent ? icon("mute", "small") : null,
    message.edit_date ? h("span", { class: "edited" }, say(lang, "edited")) : null,
    h("time", { dateTime: new Date(message.date * 1000).toISOString() }, clock(message.date, lang)),
    message.out ? icon("check") : null);
}

function quote(message, context) {
  const original = context.find(message.reply_to);
  const words = original ? oneLine(original, context.lang) : say(context.lang, "deleted");
  return h("button", { type: "button", class: "quote", on: { click: () => context.onJump(message.reply_to) } },
    h("b", { dir: "auto" }, original ? author(original, context) : "…"), h("span", { dir: "auto" }, words));
}

function handle(message, context) {
  const button = iconButton("more", say(context.lang, "actions"), () => context.onMenu(message, button), "handle");
  button.tabIndex = -1;
  return button;
}

function openMenu(event, message, context) {
  if (event.target.closest("a, .key") || String(getSelection())) return;
  event.preventDefault();
  context.onMenu(message, event.target.closest(".bubble") ?? event.currentTarget);
}

function onKey(event, message, context) {
  if (event.target !== event.currentTarget) return;
  if (event.key !== "Enter" && event.key !== "ContextMenu") return;
  event.preventDefault();
  context.onMenu(message, event.currentTarget.querySelector(".bubble"));
}

function holdToOpen(element, message, context) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  element.addEventListener("touchstart", (event) => {
    if (event.target.closest(".key, input")) return;
    timer = setTimeout(() => context.onMenu(message, element.querySelector(".bubble")), 480);
  }, { passive: true });
  for (const name of ["touchend", "touchmove", "touchcancel"]) element.addEventListener(name, stop, { passive: true });
}
