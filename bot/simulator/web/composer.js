// Where the person writes: field, commands, attachments, replies, START, blocked state.

import { editText, sendText, setBlocked } from "./api.js";
import { chooseFile } from "./attach.js";
import { oneLine } from "./bubble.js";
import { CommandList } from "./commands.js";
import { fullName, h, icon, iconButton } from "./dom.js";
import { popover } from "./overlays.js";
import { say } from "./words.js";

const TALLEST = 148;

export class Composer {
  #phone;
  #field;
  #send;
  #list;
  #target = null;
  #empty = false;
  #keys = [];
  #row;
  #strip = h("div", { class: "strip", hidden: true });
  #reply = h("div", { class: "reply-keys", hidden: true });

  /** Make the composer of a phone: {person, bot, lang, screen, onFile, onFailed, onSent}. */
  constructor(phone) {
    this.#phone = phone;
    const { lang, person } = phone;
    this.#list = new CommandList({ lang, id: `commands-${person.id}`, onPick: (command) => this.#pick(command) });
    this.#field = this.#makeField();
    this.#send = h("button", { type: "button", class: "send", disabled: true, aria: { label: say(lang, "send") }, title: say(lang, "send"), on: { click: () => this.submit() } }, icon("send"));
    const attach = iconButton("attach", say(lang, "attach"), () => this.#attachMenu(attach));
    this.#row = h("div", { class: "compose-row" }, h("div", { class: "field" }, this.#field, attach), this.#send);
    this.element = h("div", { class: "composer" });
    this.refresh(person);
  }

  focus() { this.#field.focus({ preventScroll: true }); }

  /** Follow what changed about the person: commands, blocked, invitation. */
  refresh(person) {
    this.#phone.person = person;
    if (person.blocked) this.element.replaceChildren(this.#blockedBar());
    else if (this.#empty) this.element.replaceChildren(this.#bigStart());
    else this.#layOut();
  }

  setEmpty(empty) {
    if (empty === this.#empty) return;
    this.#empty = empty;
    this.refresh(this.#phone.person);
  }

  setReplyKeyboard(rows) {
    this.#keys = rows ?? [];
    this.#reply.hidden = this.#keys.length === 0;
    const key = (text) => h("button", { type: "button", dir: "auto", on: { click: () => this.send(text) } }, text);
    this.#reply.replaceChildren(...this.#keys.map((row) => h("div", { class: "row" }, row.map(key))));
  }

  reply(message) { this.#aim({ kind: "reply", message }); }

  edit(message) {
    this.#aim({ kind: "edit", message });
    this.#field.value = message.text;
    this.#typed();
  }

  /** Send a text; gives it back to the field when the simulator cannot be reached. */
  async send(text, replyTo = null) {
    try {
      await sendText(this.#phone.person.id, text, replyTo);
      this.#phone.onSent();
      return true;
    } catch (error) {
      this.#phone.onFailed(error);
      return false;
    }
  }

  async submit() {
    const text = this.#field.value.trim();
    if (!text) return;
    const target = this.#target;
    this.#clear();
    const done = target?.kind === "edit" ? await this.#saveEdit(target.message, text) : await this.send(text, target?.message.message_id ?? null);
    if (done || this.#field.value) return;
    this.#field.value = text;
    this.#typed();
  }

  async #saveEdit(message, text) {
    if (text === message.text) return true;
    try {
      await editText(this.#phone.person.id, message.message_id, text);
      return true;
    } catch (error) {
      this.#phone.onFailed(error);
      return false;
    }
  }

  #layOut() {
    const { person, lang } = this.#phone;
    const had = this.#row.isConnected && document.activeElement === this.#field;
    this.#row.querySelector(".menu-pill")?.remove();
    if (person.commands.length > 0) this.#row.prepend(this.#menuPill());
    const invitation = person.start
      ? h("button", { type: "button", class: "invitation", on: { click: () => this.#start() } }, say(lang, "openInvitation")) : null;
    this.element.replaceChildren(...[this.#list.element, invitation, this.#strip, this.#row, this.#reply].filter(Boolean));
    if (had) this.focus();
  }

  #makeField() {
    const { lang, person } = this.#phone;
    return h("textarea", {
      rows: 1, maxLength: 4096, placeholder: say(lang, "message"), dir: "auto", autocomplete: "off", enterKeyHint: "send",
      aria: { label: say(lang, "message"), controls: `commands-${person.id}` },
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event), blur: () => setTimeout(() => this.#closeIfAway(), 150) },
    });
  }

  #closeIfAway() {
    if (!this.element.contains(document.activeElement)) this.#list.hide();
  }

  #menuPill() {
    const { lang } = this.#phone;
    const toggle = () => (this.#list.isOpen ? this.#list.hide() : this.#openList());
    return h("button", {
      type: "button", class: "menu-pill", aria: { label: say(lang, "commands"), haspopup: "listbox" }, on: { click: toggle },
    }, icon("menu"), h("span", {}, say(lang, "menu")));
  }

  #openList() {
    this.#list.show(this.#phone.person.commands, "");
    this.focus();
  }

  #bigStart() {
    return h("button", { type: "button", class: "big-button start", on: { click: () => this.#start() } }, say(this.#phone.lang, "start"));
  }

  #start() { return this.send(`/start ${this.#phone.person.start ?? ""}`.trim()); }

  #blockedBar() {
    const { lang, person } = this.#phone;
    const unblock = () => setBlocked(person.id, false).catch((error) => this.#phone.onFailed(error));
    return h("div", { class: "blocked-bar" }, say(lang, "blocked"),
      h("button", { type: "button", class: "big-button", on: { click: unblock } }, say(lang, "unblock")));
  }

  #typed() {
    const text = this.#field.value;
    this.#send.disabled = text.trim() === "";
    this.element.classList.toggle("typing-now", text !== "");
    this.#field.style.height = "44px";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight, TALLEST)}px`;
    const { commands } = this.#phone.person;
    if (commands.length > 0 && /^\/\w*$/u.test(text)) this.#list.show(commands, text);
    else this.#list.hide();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.#list.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.#target) this.#clear();
  }

  #pick(command) {
    this.#clear();
    this.send(command);
    this.focus();
  }

  #clear() {
    this.#field.value = "";
    this.#target = null;
    this.#strip.hidden = true;
    this.#typed();
  }

  #aim(target) {
    const { lang, person, bot } = this.#phone;
    this.#target = target;
    const author = target.message.out ? fullName(person) : bot.first_name;
    const title = target.kind === "edit" ? say(lang, "editing") : author;
    this.#strip.replaceChildren(icon(target.kind === "edit" ? "edit" : "reply"),
      h("div", {}, h("b", { dir: "auto" }, title), h("span", { dir: "auto" }, oneLine(target.message, lang))),
      iconButton("close", say(lang, "cancel"), () => this.#clear()));
    this.#strip.hidden = false;
    this.focus();
  }

  #attachMenu(anchor) {
    const { lang, screen, onFile } = this.#phone;
    popover(screen, anchor, [
      { icon: "image", label: say(lang, "photo"), onPick: () => chooseFile("photo", onFile) },
      { icon: "play", label: say(lang, "voice"), onPick: () => chooseFile("voice", onFile) },
      { icon: "file", label: say(lang, "document"), onPick: () => chooseFile("document", onFile) },
    ]);
  }
}
