// What appears above a phone: toasts, alerts, small menus; and the photo viewer above the page.

import { calm, h, icon, iconButton } from "./dom.js";
import { say } from "./words.js";

const TOAST_TIME = 3600;

/** Make the toast area of a phone; returns {element, show}. */
export function toastArea() {
  const element = h("div", { class: "toasts", role: "status", aria: { live: "polite" } });
  const show = (text) => {
    const toast = h("div", { class: "toast", dir: "auto" }, text);
    element.append(toast);
    while (element.childElementCount > 3) element.firstElementChild.remove();
    setTimeout(() => toast.classList.add("going"), TOAST_TIME - 260);
    setTimeout(() => toast.remove(), TOAST_TIME);
  };
  return { element, show };
}

/** Put a modal layer on a screen; returns a function that takes it away. */
export function veil(screen, box, onClose = () => {}) {
  const before = document.activeElement;
  const siblings = [...screen.children];
  const close = () => {
    layer.remove();
    for (const sibling of siblings) sibling.inert = false;
    if (before?.isConnected) before.focus({ preventScroll: true });
    onClose();
  };
  const layer = h("div", { class: "veil", on: {
    click: (event) => event.target === layer && close(),
    keydown: (event) => event.key === "Escape" && (event.stopPropagation(), close()),
  } }, box);
  for (const sibling of siblings) sibling.inert = true;
  screen.append(layer);
  return close;
}

/** Show an answered callback that asks to be acknowledged. */
export function alertBox(screen, { title, text, lang }) {
  const ok = h("button", { type: "button", class: "text-button", on: { click: () => close() } }, say(lang, "ok"));
  const box = h("div", { class: "alert-box", role: "alertdialog", aria: { modal: true, label: title } },
    h("h3", {}, title), h("p", { dir: "auto" }, text), h("footer", {}, ok));
  const close = veil(screen, box);
  ok.focus();
}

/** Open a small menu near an element of the screen; items: {icon, label, danger, onPick}. */
export function popover(screen, anchor, items) {
  const before = document.activeElement;
  const close = (restore) => {
    menu.remove();
    removeEventListener("pointerdown", outside, true);
    if (restore && before?.isConnected) before.focus({ preventScroll: true });
  };
  const outside = (event) => menu.contains(event.target) || close(false);
  const entry = (item) => h("button", {
    type: "button", role: "menuitem", class: item.danger ? "danger" : "", on: { click: () => { close(true); item.onPick(); } },
  }, icon(item.icon), item.label);
  const menu = h("div", { class: "popover", role: "menu", on: { keydown: (event) => walk(event, menu, close) } }, items.map(entry));
  screen.append(menu);
  place(screen, anchor, menu);
  menu.firstElementChild?.focus({ preventScroll: true });
  addEventListener("pointerdown", outside, true);
}

function walk(event, menu, close) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close(true);
  else if (!step) return;
  else {
    const entries = [...menu.children];
    entries.at((entries.indexOf(document.activeElement) + step) % entries.length).focus();
  }
  event.preventDefault();
  event.stopPropagation();
}

function place(screen, anchor, menu) {
  const bounds = screen.getBoundingClientRect();
  const spot = anchor.getBoundingClientRect();
  const left = Math.min(spot.left - bounds.left, bounds.width - menu.offsetWidth - 8);
  const below = spot.bottom - bounds.top + 4;
  const fits = below + menu.offsetHeight < bounds.height - 8;
  const top = fits ? below : Math.min(spot.top - bounds.top - menu.offsetHeight - 4, bounds.height - menu.offsetHeight - 8);
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${Math.max(8, top)}px`;
}

/** Show a photo over the whole page; a click on it changes its size. */
export function lightbox({ url, caption, name, isProtected, lang }) {
  const image = h("img", { src: url, alt: say(lang, "photo"), on: { click: () => dialog.classList.toggle("zoomed") } });
  const save = h("a", { class: "icon-button", href: url, download: name, aria: { label: say(lang, "download", { name }) } }, icon("download"));
  const dialog = h("dialog", { class: "lightbox", aria: { label: say(lang, "photo") }, on: {
    close: () => dialog.remove(),
    click: (event) => (event.target === dialog || event.target.className === "frame") && dialog.close(),
  } },
  h("header", {}, isProtected ? null : save, iconButton("close", say(lang, "close"), () => dialog.close())),
  h("div", { class: "frame" }, image), caption ? h("p", { dir: "auto" }, caption) : null);
  document.body.append(dialog);
  dialog.showModal();
}

/** Copy to the clipboard, also where the page is not a secure context. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { value: text, readOnly: true });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export const smoothly = () => (calm.matches ? "auto" : "smooth");
