// Inline keyboards: callback buttons with their spinner, links, copy buttons.

import { h, icon } from "./dom.js";
import { safeUrl } from "./rich-text.js";

const STYLES = new Set(["danger", "success", "primary"]);
const MANY = 3;
const WIDE = 4;

/** Tell whether a keyboard needs the whole width of the screen. */
export const isWide = (rows) => rows.some((row) => row.length >= WIDE);

/** Draw the keyboard of a message; context: onPress, onCopy, onLink, isPending. */
export function keyboard(message, context) {
  const rows = message.buttons.filter((row) => row.length > 0);
  if (rows.length === 0) return null;
  return h("div", { class: "keys" }, rows.map((row) => keyRow(message, row, context)));
}

function keyRow(message, row, context) {
  const data = row.length >= MANY ? { many: "" } : {};
  return h("div", { class: "row", data }, row.map((button) => key(message, button, context)));
}

function key(message, button, context) {
  if (button.kind === "url") return linkKey(button, context);
  if (button.kind === "copy") {
    const copy = () => context.onCopy(button.copy);
    return plainKey(button, { click: copy }, icon("copy", "corner"));
  }
  const element = plainKey(button, { click: () => context.onPress(message.message_id, button.index) });
  element.dataset.index = String(button.index);
  if (context.isPending(message.message_id, button.index)) markPending(element, true);
  return element;
}

const keyClass = (button) => `key ${STYLES.has(button.style) ? button.style : ""}`.trim();
const label = (button) => h("span", { dir: "auto" }, button.text);

function plainKey(button, on, extra = null) {
  return h("button", { type: "button", class: keyClass(button), title: button.text, on }, label(button), extra);
}

function linkKey(button, context) {
  const url = safeUrl(button.url);
  if (!url) return h("button", { type: "button", class: keyClass(button), disabled: true }, label(button));
  const follow = (event) => context.onLink(url) && event.preventDefault();
  return h("a", {
    class: keyClass(button), href: url, target: "_blank", rel: "noopener noreferrer", title: button.text, on: { click: follow },
  }, label(button), icon("external", "corner"));
}

/** Show or end the spinner of a button. */
export function markPending(element, pending) {
  element.classList.toggle("pending", pending);
  if (pending) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}
