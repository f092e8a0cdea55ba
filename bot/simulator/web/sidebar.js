// The left side: brand, what to try first, people with their unread marks.

import { avatar, fullName, h, icon, iconButton } from "./dom.js";
import { moment } from "./dates.js";
import { pageLanguage, say } from "./words.js";

const HIDDEN = "relance.tips-hidden";

const remember = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch { /* storage refused: the choice lasts as long as the page */ }
};
const recall = (key) => {
  try { return localStorage.getItem(key); } catch { return null; }
};

/** Make the sidebar; page: {onOpen, onBeside, onLanguage}. */
export class Sidebar {
  #root;
  #page;
  #state = null;
  #tipsHidden = null;

  constructor(root, page) {
    this.#root = root;
    this.#page = page;
    this.#tipsHidden = recall(HIDDEN);
  }

  /** Draw: {bot, banner, people, open}. */
  draw(state) {
    this.#state = state;
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const top = this.#root.querySelector(".scroller")?.scrollTop ?? 0;
    this.#root.replaceChildren(this.#masthead(), h("div", { class: "scroller" }, this.#tips(), this.#people()));
    this.#root.querySelector(".scroller").scrollTop = top;
    if (focused) this.#root.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #masthead() {
    const lang = pageLanguage();
    const dark = document.documentElement.dataset.theme === "dark";
    const theme = iconButton(dark ? "sun" : "moon", say(lang, "theme"), () => this.#toggleTheme());
    theme.dataset.focus = "theme";
    const other = lang === "fr" ? "en" : "fr";
    const language = h("button", {
      type: "button", class: "icon-button language", lang: other, title: say(lang, "language"), data: { focus: "language" },
      aria: { label: say(lang, "language") }, on: { click: () => this.#setLanguage(other) },
    }, other.toUpperCase());
    return h("header", { class: "masthead" }, h("img", { src: "/static/logo.svg", alt: "" }),
      h("div", {}, h("h1", {}, "Relance"), h("p", { title: this.#state.bot ? `@${this.#state.bot.username}` : "" }, say(lang, "simulator"))),
      language, theme);
  }

  #toggleTheme() {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    remember("relance.theme", root.dataset.theme);
    this.draw(this.#state);
  }

  #setLanguage(lang) {
    document.documentElement.lang = lang;
    remember("relance.lang", lang);
    this.#page.onLanguage();
  }

  #tips() {
    const lang = pageLanguage();
    const lines = this.#state.banner?.[lang] ?? [];
    if (lines.length === 0) return null;
    const hide = (value) => () => {
      this.#tipsHidden = value;
      remember(HIDDEN, value);
      this.draw(this.#state);
    };
    if (this.#tipsHidden === this.#tipsMark()) {
      return h("button", { type: "button", class: "tips-again", data: { focus: "tips" }, on: { click: hide(null) } }, icon("bulb"), say(lang, "showTips"));
    }
    const close = iconButton("close", say(lang, "dismiss"), hide(this.#tipsMark()));
    close.dataset.focus = "tips";
    return h("section", { class: "banner", aria: { label: say(lang, "tryFirst") } },
      h("h2", {}, icon("bulb"), say(lang, "tryFirst")), h("ol", {}, lines.map((line) => h("li", {}, line))), close);
  }

  // A new banner shows again even when an older one was dismissed.
  #tipsMark() { return String((this.#state.banner?.fr ?? []).join("\n").length); }

  #people() {
    const { people } = this.#state;
    const lang = pageLanguage();
    if (people.length === 0) return h("p", { class: "nobody" }, say(lang, "noPeople"));
    return h("ul", { class: "person-list", aria: { label: say(lang, "people") } }, people.map((person) => this.#row(person, lang)));
  }

  #row(person, lang) {
    const open = this.#state.open.includes(person.id);
    const name = fullName(person);
    const beside = iconButton("beside", say(lang, "openBesideOf", { name }), () => this.#page.onBeside(person.id), "beside");
    beside.dataset.focus = `beside-${person.id}`;
    return h("li", { class: `person-row ${open ? "open" : ""}`.trim() },
      h("button", {
        type: "button", class: "person", data: { user: person.id, focus: `person-${person.id}` }, on: { click: () => this.#page.onOpen(person.id) },
        aria: { current: open, label: this.#spoken(person, name, lang) },
      }, avatar(person), this.#who(person, name), this.#side(person, lang)),
      this.#state.open.length === 1 ? beside : null);
  }

  #who(person, name) {
    return h("span", { class: "who" }, h("b", { dir: "auto" }, name),
      person.role ? h("span", { class: "role" }, person.role) : null,
      person.last ? h("span", { class: "preview", dir: "auto" }, person.last) : null);
  }

  #side(person, lang) {
    return h("span", { class: "side" }, h("time", {}, moment(person.last_at, lang)),
      person.unread > 0 ? h("span", { class: "badge" }, String(person.unread)) : null);
  }

  #spoken(person, name, lang) {
    const unread = person.unread > 0 ? say(lang, person.unread === 1 ? "unreadOne" : "unread", { n: person.unread }) : "";
    return [name, person.role, unread].filter(Boolean).join(", ");
  }
}
