// Builds page elements; texts are always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Create an element: `on` holds listeners, `aria`/`data` attributes, the rest properties. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") listen(element, value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria") setAria(element, value);
    else if (name === "class") element.className = value;
    else if (name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function listen(element, listeners) {
  for (const [event, listener] of Object.entries(listeners)) element.addEventListener(event, listener);
}

function setAria(element, values) {
  for (const [name, value] of Object.entries(values)) element.setAttribute(`aria-${name}`, String(value));
}

/** Draw an icon of the sprite. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Make a round button that shows an icon and speaks its label. */
export function iconButton(name, label, onClick, extra = "") {
  return h("button", {
    type: "button", class: `icon-button ${extra}`.trim(), title: label, aria: { label }, on: { click: onClick },
  }, icon(name));
}

export const fullName = (person) =>
  [person.first_name, person.last_name].filter(Boolean).join(" ").trim() || person.username || String(person.id);

const visible = (word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter));

/** Take the first letters of the first and last word that have one. */
export function initials(person) {
  const letters = fullName(person).split(/\s+/u).map(visible).filter(Boolean);
  if (letters.length === 0) return "?";
  const pair = letters.length === 1 ? letters : [letters[0], letters.at(-1)];
  return pair.join("").toLocaleUpperCase();
}

const HUES = 8;

/** Draw the person's avatar: initials on a colour that belongs to the id. */
export function avatar(person, extra = "") {
  const hue = Math.abs(Math.trunc(Number(person.id)) || 0) % HUES;
  return h("span", { class: `avatar hue-${hue} ${extra}`.trim(), aria: { hidden: true } }, initials(person));
}

/** Draw the bot's avatar. */
export function botAvatar(extra = "") {
  return h("img", { class: `avatar bot-avatar ${extra}`.trim(), src: "/static/logo.svg", alt: "", width: 40, height: 40 });
}

export const wide = matchMedia("(min-width: 900px)");
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
