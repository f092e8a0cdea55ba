// One person's phone: header, history, composer, and the events that move them.

import { markRead, press, setBlocked } from "./api.js";
import { acceptFiles, attachSheet } from "./attach.js";
import { Composer } from "./composer.js";
import { avatar, botAvatar, fullName, h, icon, iconButton } from "./dom.js";
import { clock } from "./dates.js";
import { Feed } from "./feed.js";
import { History } from "./history.js";
import { alertBox, copyText, lightbox, popover, toastArea } from "./overlays.js";
import { languageOf, pageLanguage, say } from "./words.js";

const TYPING_TIME = 5000;
const SPINNER_TIME = 20_000;

export class Phone {
  #bot;
  #page;
  #pending = new Map();
  #answered = new Set();
  #typingTimer = 0;
  #readTimer = 0;
  #clockTimer = 0;
  #feed;
  #history;
  #composer;
  #toasts = toastArea();
  #empty = null;
  #under = h("div", { class: "under" });
  #wire = h("div", { class: "wire", role: "status", hidden: true });
  #time = h("span");

  /** Open a person's phone; page: {onBack, onClose, onPeople, canClose}. */
  constructor(person, bot, page) {
    this.person = person;
    this.lang = languageOf(person);
    this.#bot = bot;
    this.#page = page;
    this.screen = h("div", { class: "screen", lang: this.lang });
    this.#history = new History(this.#bubbleContext());
    this.#composer = new Composer({
      person, bot, lang: this.lang, screen: this.screen, onFile: (file, kind) => this.#attach(file, kind),
      onFailed: (error) => this.#failed(error), onSent: () => this.#history.toBottom(),
    });
    this.screen.append(this.#statusBar(), this.#header(), this.#history.element, this.#composer.element, this.#toasts.element);
    acceptFiles(this.screen, this.lang, (file, kind) => person.blocked || this.#attach(file, kind));
    this.element = h("section", { class: "phone-slot", data: { user: person.id }, aria: { label: this.#label() } },
      this.#nameplate(), h("div", { class: "phone" }, this.screen));
    this.#feed = new Feed(person.id, this.#listeners());
    document.addEventListener("visibilitychange", this.#seen);
  }

  close() {
    this.#feed.close();
    clearInterval(this.#clockTimer);
    document.removeEventListener("visibilitychange", this.#seen);
    this.element.remove();
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.#composer.focus();
  }

  /** Take in what the simulator tells about the person. */
  update(person) {
    const asText = (value) => JSON.stringify([value.commands, value.blocked, value.start]);
    const changed = asText(person) !== asText(this.person);
    this.person = person;
    if (changed) this.#composer.refresh(person);
  }

  get isReading() { return document.visibilityState === "visible" && this.#history.atBottom; }

  #label() { return say(pageLanguage(), "conversation", { bot: this.#bot.first_name, name: fullName(this.person) }); }

  #bubbleContext() {
    return {
      lang: this.lang, person: this.person, bot: this.#bot, label: this.#label(),
      onCommand: (text) => this.#composer.send(text), onPress: (id, index) => this.#press(id, index),
      onCopy: (text) => this.#copy(text), onLink: (url) => this.#follow(url), onMenu: (message, anchor) => this.#menu(message, anchor),
      onPhoto: (message) => this.#openPhoto(message), onBottom: () => this.#seen(),
      isPending: (id, index) => [...this.#pending.values()].some((key) => key.id === id && key.index === index),
    };
  }

  #listeners() {
    return {
      reset: (messages) => this.#reset(messages),
      message: (message) => this.#arrived(message),
      deleted: ({ message_id: id }) => { this.#history.remove(id); this.#afterChange(); },
      toast: ({ text, alert }) => this.#answer(text, alert),
      answered: ({ query }) => this.#endSpinner(query),
      typing: () => this.#typing(),
      people: ({ people }) => this.#page.onPeople(people),
      status: (status) => this.#showWire(status),
    };
  }

  #statusBar() {
    const tick = () => { this.#time.textContent = clock(Date.now() / 1000, this.lang); };
    tick();
    this.#clockTimer = setInterval(tick, 10_000);
    return h("div", { class: "status-bar", aria: { hidden: true } }, this.#time, h("span", {}, icon("signal"), icon("battery", "battery")));
  }

  #header() {
    const more = iconButton("more", say(this.lang, "more"), () => this.#headerMenu(more));
    const { role } = this.person;
    this.#calm();
    return h("header", { class: "chat-header" },
      iconButton("back", say(this.lang, "back"), () => this.#page.onBack(), "back"),
      h("div", { class: "title", title: role || null }, botAvatar("small"), h("h2", { dir: "auto" }, this.#bot.first_name), this.#under),
      more, this.#wire);
  }

  #nameplate() {
    const close = this.#page.canClose ? iconButton("close", say(pageLanguage(), "close"), () => this.#page.onClose()) : null;
    return h("header", { class: "nameplate" }, avatar(this.person, "small"),
      h("div", { class: "who" }, h("b", { dir: "auto" }, fullName(this.person)), h("span", { class: "role" }, this.person.role)), close);
  }

  #calm() {
    const { person, lang } = this;
    const as = [fullName(person), person.role].filter(Boolean).join(" · ");
    this.#under.className = "under";
    this.#under.replaceChildren(h("span", { class: "as-person", dir: "auto" }, as), h("span", { class: "as-bot" }, say(lang, "bot")));
  }

  #typing() {
    this.#under.className = "under typing";
    this.#under.textContent = say(this.lang, "typing");
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#calm(), TYPING_TIME);
  }

  #showWire(status) {
    const online = status === "online";
    this.#wire.hidden = online;
    this.#wire.textContent = online ? "" : say(this.lang, "offline");
    this.element.classList.toggle("offline", !online);
    this.#page.onStatus(status);
  }

  #reset(messages) {
    this.#history.reset(messages, this.person.unread);
    this.#afterChange();
    this.#read();
  }

  #arrived(message) {
    const fresh = this.#history.put(message);
    if (!message.out && fresh) this.#calm();
    this.#afterChange();
    this.#seen();
  }

  #afterChange() {
    const empty = this.#history.isEmpty;
    this.#composer.setEmpty(empty);
    this.#showEmpty(empty);
    const last = this.#history.all.findLast((message) => Array.isArray(message.reply_keyboard));
    this.#composer.setReplyKeyboard(last?.reply_keyboard ?? []);
  }

  #showEmpty(empty) {
    this.#empty?.remove();
    this.#empty = null;
    if (!empty) return;
    this.#empty = h("div", { class: "empty" }, botAvatar(), h("h3", { dir: "auto" }, this.#bot.first_name),
      h("p", { dir: "auto" }, this.#description()));
    this.#history.element.querySelector(".history-inner").append(this.#empty);
  }

  #description() {
    const { descriptions = {}, first_name: bot } = this.#bot;
    return descriptions[this.lang] || descriptions[""] || say(this.lang, "emptyHint", { bot });
  }

  #seen = () => {
    if (this.isReading) this.#read();
  };

  #read() {
    if (document.visibilityState !== "visible") return;
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => markRead(this.person.id).catch(() => {}), 120);
  }

  async #press(id, index) {
    const mark = { id, index };
    const token = {};
    if ([...this.#pending.values()].some((key) => key.id === id && key.index === index)) return;
    this.#pending.set(token, mark);
    this.#history.pending(id, index, true);
    try {
      const { query } = await press(this.person.id, id, index);
      this.#pending.delete(token);
      if (this.#answered.delete(query)) this.#history.pending(id, index, false);
      else this.#wait(query, mark);
    } catch (error) {
      this.#pending.delete(token);
      this.#history.pending(id, index, false);
      this.#failed(error);
    }
  }

  #wait(query, mark) {
    this.#pending.set(query, mark);
    setTimeout(() => this.#pending.has(query) && this.#endSpinner(query), SPINNER_TIME);
  }

  #endSpinner(query) {
    const mark = this.#pending.get(query);
    if (!mark) return void this.#answered.add(query); // the answer overtook the press's own reply
    this.#pending.delete(query);
    this.#history.pending(mark.id, mark.index, false);
  }

  #answer(text, alert) {
    if (!text) return;
    if (alert) alertBox(this.screen, { title: this.#bot.first_name, text, lang: this.lang });
    else this.#toasts.show(text);
  }

  #failed(error) { this.#toasts.show(say(this.lang, "failed", { error: error.message })); }

  async #copy(text) { this.#toasts.show(say(this.lang, (await copyText(text)) ? "copied" : "copyFailed")); }

  // A link to this very bot is a START with a payload, as in the real messenger.
  #follow(link) {
    const url = new URL(link);
    const named = url.protocol === "tg:" ? url.searchParams.get("domain") : /(^|\.)t\.me$/u.test(url.hostname) && url.pathname.slice(1);
    if (String(named).toLowerCase() !== String(this.#bot.username).toLowerCase()) return false;
    this.#composer.send(`/start ${url.searchParams.get("start") ?? ""}`.trim());
    return true;
  }

  #openPhoto(message) {
    const name = `photo-${message.message_id}.jpg`;
    lightbox({ url: message.photo.url, caption: message.text, name, isProtected: message.protected, lang: this.lang });
  }

  #menu(message, anchor) {
    const { lang } = this;
    const items = [{ icon: "reply", label: say(lang, "reply"), onPick: () => this.#composer.reply(message) }];
    if (message.text && !message.protected) items.push({ icon: "copy", label: say(lang, "copy"), onPick: () => this.#copy(message.text) });
    if (message.out && message.text && !message.photo && !message.document) {
      items.push({ icon: "edit", label: say(lang, "edit"), onPick: () => this.#composer.edit(message) });
    }
    popover(this.screen, anchor, items);
  }

  #headerMenu(anchor) {
    const { blocked } = this.person;
    const toggle = () => setBlocked(this.person.id, !blocked).catch((error) => this.#failed(error));
    popover(this.screen, anchor, [
      { icon: "block", label: say(this.lang, blocked ? "unblock" : "block"), danger: !blocked, onPick: toggle },
    ]);
  }

  #attach(file, kind) {
    attachSheet(file, kind, {
      user: this.person.id, lang: this.lang, screen: this.screen,
      onSent: () => this.#history.toBottom(), onFailed: (error) => this.#failed(error),
    });
  }
}
