// The list of the bot's commands, opened by the menu button or by typing a slash.

import { h } from "./dom.js";
import { say } from "./words.js";

/** Keep the commands whose name starts with what was typed; "/" or "" keeps all. */
export function matching(commands, typed) {
  const wanted = typed.replace(/^\//u, "").toLowerCase();
  return commands.filter((command) => command.command.toLowerCase().startsWith(wanted));
}

export class CommandList {
  #lang;
  #onPick;
  #chosen = 0;
  #shown = [];

  /** Make a closed list; `onPick` hears the chosen command's name. */
  constructor({ lang, id, onPick }) {
    this.#lang = lang;
    this.#onPick = onPick;
    this.element = h("div", { class: "commands", id, role: "listbox", hidden: true, aria: { label: say(lang, "commands") } });
  }

  get isOpen() { return !this.element.hidden; }

  show(commands, typed) {
    this.#shown = matching(commands, typed);
    this.#chosen = 0;
    const words = this.#shown.length > 0 ? this.#shown.map((command, index) => this.#entry(command, index)) : [h("p", {}, say(this.#lang, "noCommand"))];
    this.element.replaceChildren(h("h3", { role: "presentation" }, say(this.#lang, "commands")), ...words);
    this.element.hidden = false;
    this.#mark();
  }

  hide() { this.element.hidden = true; }

  /** Handle a key typed in the field; return true when it was for the list. */
  key(event) {
    if (!this.isOpen) return false;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown") this.#move(1);
    else if (event.key === "ArrowUp") this.#move(-1);
    else if ((event.key === "Enter" || event.key === "Tab") && this.#shown.length > 0) this.#pick(this.#shown[this.#chosen]);
    else return false;
    return true;
  }

  #entry(command, index) {
    return h("button", {
      type: "button", class: "command", role: "option", id: `${this.element.id}-${index}`, tabIndex: -1, on: { click: () => this.#pick(command) },
    }, h("b", {}, `/${command.command}`), h("span", { dir: "auto" }, command.description));
  }

  #pick(command) {
    this.hide();
    this.#onPick(`/${command.command}`);
  }

  #move(step) {
    this.#chosen = (this.#chosen + step + this.#shown.length) % Math.max(1, this.#shown.length);
    this.#mark();
  }

  #mark() {
    const entries = [...this.element.querySelectorAll(".command")];
    entries.forEach((entry, index) => entry.setAttribute("aria-selected", String(index === this.#chosen)));
    entries[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }
}
