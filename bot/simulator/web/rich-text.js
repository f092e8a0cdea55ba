// Rebuilds a message's markup from an allow-list, whatever the server sent.

import { h } from "./dom.js";
import { say } from "./words.js";

const PLAIN = new Set(["b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "blockquote"]);
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);
const FOUND = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])|((?<![\w/<:.])\/[a-z][a-z0-9_]{0,31}(?![\w/]))/giu;

/** Return the url when its scheme is harmless, else null. */
export function safeUrl(text) {
  try {
    const url = new URL(text, location.href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Turn html into a fragment of allowed elements; `onCommand` hears tapped commands. */
export function richText(html, { lang, onCommand }) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  copy(parsed.body, fragment, { lang, onCommand, links: true });
  return fragment;
}

function copy(source, target, context) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(...withLinks(node.data, context));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, target, context);
  }
}

function copyElement(node, target, context) {
  const name = node.localName;
  if (name === "br") target.append("\n");
  else if (name === "script" || name === "style" || name === "template") return;
  else {
    const element = allowed(node, name, context);
    const inside = name === "a" || name === "code" || name === "pre" ? { ...context, links: false } : context;
    copy(node, element ?? target, inside);
    if (element) target.append(element);
  }
}

function allowed(node, name, context) {
  if (PLAIN.has(name)) return h(name);
  if (name === "a") return link(node.getAttribute("href") ?? "");
  if (name === "span" && /spoiler/u.test(node.className)) return spoiler(context.lang);
  return null;
}

function link(href) {
  const url = safeUrl(href);
  return url ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }) : null;
}

function spoiler(lang) {
  const reveal = (event) => {
    if (element.classList.contains("shown")) return;
    event.preventDefault();
    event.stopPropagation();
    element.classList.add("shown");
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
  };
  const onKey = (event) => (event.key === "Enter" || event.key === " ") && reveal(event);
  const element = h("span", {
    class: "spoiler", role: "button", tabIndex: 0, aria: { label: say(lang, "spoiler") },
    on: { click: reveal, keydown: onKey },
  });
  return element;
}

function withLinks(text, { links, onCommand }) {
  if (!links) return [text];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(FOUND)) {
    parts.push(text.slice(end, match.index), found(match, onCommand));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

function found([text, url], onCommand) {
  if (url) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
  return h("button", { type: "button", class: "command-link", on: { click: () => onCommand(text) } }, text);
}
