// The messages of a conversation, by day: keeps its place, draws only a window of a long history.

import { h, iconButton } from "./dom.js";
import { dayKey, dayTitle } from "./dates.js";
import { markPending } from "./keys.js";
import { renderMessage } from "./bubble.js";
import { smoothly } from "./overlays.js";
import { say } from "./words.js";

const WINDOW = 120;
const STEP = 80;
const MOST = 320;
const NEAR_BOTTOM = 70;
const NEAR_TOP = 500;
const SAME_GROUP = 600;
const DAY_SHOWN = 1400;
const STUCK = 16;
const HAND_TIME = 1000;
const HANDS = ["wheel", "touchmove", "pointerdown", "keydown"];

const together = (a, b) =>
  Boolean(a && b) && a.out === b.out && dayKey(a.date) === dayKey(b.date) && Math.abs(a.date - b.date) < SAME_GROUP;

export class History {
  #context;
  #messages = new Map();
  #ids = [];
  #nodes = new Map();
  #from = 0;
  #pinned = true;
  #missed = 0;
  #idle = 0;
  #top = 0;
  #height = 0;
  #handAt = -Infinity;
  #unreadBefore = null;
  #inner;
  #box;
  #jump;
  #badge;

  /** Make an empty history; context is handed to every bubble, `onBottom` hears the reader arrive there. */
  constructor(context) {
    this.#context = { ...context, find: (id) => this.#messages.get(id), onJump: (id) => this.show(id) };
    const { lang, label } = context;
    this.#inner = h("div", { class: "history-inner", role: "log", aria: { label, live: "polite", relevant: "additions" } });
    this.#box = h("div", { class: "history", tabIndex: 0, aria: { label }, on: { keydown: (event) => this.#onKey(event) } }, this.#inner);
    this.#box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const hand of HANDS) this.#box.addEventListener(hand, () => { this.#handAt = performance.now(); }, { passive: true });
    this.#badge = h("span", { class: "badge", hidden: true });
    this.#jump = iconButton("down", say(lang, "newest"), () => this.toBottom(), "jump away");
    this.#jump.append(this.#badge);
    this.element = h("div", { class: "history-wrap" }, this.#box, this.#jump);
    this.#watchSize();
  }

  get isEmpty() { return this.#ids.length === 0; }
  get atBottom() { return this.#pinned; }
  get all() { return this.#ids.map((id) => this.#messages.get(id)); }
  find(id) { return this.#messages.get(id); }

  /** Show a whole history, with a line before the last `unread` messages of the bot. */
  reset(messages, unread = 0) {
    const kept = messages.filter((message) => !message.deleted).sort((a, b) => a.message_id - b.message_id);
    this.#messages = new Map(kept.map((message) => [message.message_id, message]));
    this.#ids = kept.map((message) => message.message_id);
    this.#nodes.clear();
    const fromBot = kept.filter((message) => !message.out);
    this.#unreadBefore = unread > 0 ? (fromBot.at(-unread) ?? fromBot[0])?.message_id ?? null : null;
    this.#from = Math.max(0, Math.min(this.#ids.length - WINDOW, this.#ids.indexOf(this.#unreadBefore ?? this.#ids.at(-1))));
    this.#redraw();
    const line = this.#inner.querySelector(".unread-line");
    this.toBottom();
    if (line && line.offsetTop < this.#box.scrollHeight - this.#box.clientHeight) this.#box.scrollTop = line.offsetTop - 60;
  }

  /** Add a message, or put its new version in place. Return true when it is new. */
  put(message) {
    const id = message.message_id;
    const before = this.#messages.get(id);
    this.#messages.set(id, message);
    if (before) this.#replace(message, before);
    else this.#add(message);
    return !before;
  }

  remove(id) {
    const place = this.#ids.indexOf(id);
    if (place < 0) return;
    this.#ids.splice(place, 1);
    this.#messages.delete(id);
    if (place < this.#from) this.#from -= 1;
    const node = this.#nodes.get(id);
    this.#nodes.delete(id);
    if (!node) return;
    node.classList.add("leaving");
    setTimeout(() => this.#vanish(node, place), 200);
  }

  #vanish(node, place) {
    const day = node.closest(".day");
    this.#steadily(node, () => {
      node.remove();
      if (day && !day.querySelector(".msg")) day.remove();
      this.#group(this.#ids[place - 1]);
      this.#group(this.#ids[place]);
    });
  }

  // What changes above the reader's eyes does not move what he reads.
  #steadily(node, change) {
    const isAbove = !this.#pinned && node.getBoundingClientRect().bottom <= this.#box.getBoundingClientRect().top;
    const height = this.#box.scrollHeight;
    change();
    if (isAbove) this.#box.scrollTop += this.#box.scrollHeight - height;
  }

  /** Scroll to a message and light it up. */
  show(id) {
    const place = this.#ids.indexOf(id);
    if (place < 0) return;
    if (place < this.#from) {
      this.#from = Math.max(0, place - 20);
      this.#redraw();
    }
    const node = this.#nodes.get(id);
    node.scrollIntoView({ block: "center", behavior: smoothly() });
    this.#light(node);
  }

  toBottom() {
    this.#pinned = true;
    this.#missed = 0;
    this.#keepBottom();
    this.#showJump();
  }

  forgetUnread() {
    this.#unreadBefore = null;
    this.#inner.querySelector(".unread-line")?.remove();
  }

  /** Start or end the spinner of one button. */
  pending(id, index, pending) {
    const key = this.#nodes.get(id)?.querySelector(`.key[data-index="${index}"]`);
    if (key) markPending(key, pending);
  }

  #replace(message, before) {
    const old = this.#nodes.get(message.message_id);
    if (!old) return;
    const node = this.#build(message.message_id);
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset?.index : undefined;
    this.#steadily(old, () => {
      old.replaceWith(node);
      this.#group(message.message_id);
    });
    if (focused !== undefined) (node.querySelector(`.key[data-index="${focused}"]`) ?? this.#box).focus({ preventScroll: true });
    if (message.html !== before.html) this.#light(node);
    this.#keepBottom();
  }

  #light(node) {
    node.classList.add("changed");
    setTimeout(() => node.classList.remove("changed"), 1700);
  }

  #add(message) {
    const id = message.message_id;
    const inOrder = this.#ids.length === 0 || id > this.#ids.at(-1);
    this.#ids.push(id);
    if (inOrder) this.#append(id);
    else {
      this.#ids.sort((a, b) => a - b);
      this.#redraw();
    }
    if (message.out) this.forgetUnread();
    if (message.out) this.#pinned = true; // the size observer scrolls, once a frame, however many arrive
    if (!this.#pinned) this.#missed += 1;
    this.#showJump();
    if (this.#pinned && this.#nodes.size > MOST) this.#trim();
  }

  #append(id) {
    const message = this.#messages.get(id);
    const node = this.#build(id);
    node.classList.add("fresh");
    this.#dayOf(message).append(node);
    this.#group(this.#ids.at(-2));
    this.#group(id);
  }

  #trim() {
    this.#from = this.#ids.length - WINDOW;
    this.#redraw();
    this.toBottom();
  }

  #build(id) {
    const node = renderMessage(this.#messages.get(id), this.#context);
    this.#nodes.set(id, node);
    return node;
  }

  #dayOf(message) {
    const key = dayKey(message.date);
    const last = this.#inner.lastElementChild;
    if (last?.dataset.day === key) return last;
    const title = dayTitle(message.date, this.#context.lang);
    const day = h("section", { class: "day", data: { day: key }, aria: { label: title } }, h("div", { class: "day-title" }, title));
    this.#inner.append(day);
    return day;
  }

  #redraw() {
    const drawn = this.#ids.slice(this.#from);
    const kept = new Map(drawn.map((id) => [id, this.#nodes.get(id)]));
    this.#nodes = new Map();
    this.#inner.replaceChildren();
    for (const id of drawn) {
      const day = this.#dayOf(this.#messages.get(id));
      if (id === this.#unreadBefore) day.append(this.#unreadLine());
      const node = kept.get(id) ?? this.#build(id);
      this.#nodes.set(id, node);
      node.classList.remove("fresh");
      day.append(node);
    }
    for (const id of drawn) this.#group(id);
  }

  #unreadLine() {
    return h("div", { class: "unread-line", role: "separator" }, h("span", {}, say(this.#context.lang, "newMessages")));
  }

  #group(id) {
    const node = this.#nodes.get(id);
    if (!node) return;
    const place = this.#ids.lastIndexOf(id);
    const message = this.#messages.get(id);
    const [before, after] = [place - 1, place + 1].map((index) => this.#messages.get(this.#ids[index]));
    node.classList.toggle("first", !together(before, message));
    node.classList.toggle("last", !together(message, after));
  }

  #watchSize() {
    const observer = new ResizeObserver(() => {
      this.#keepBottom();
      this.#markDays();
    });
    observer.observe(this.#inner);
    observer.observe(this.#box);
  }

  #keepBottom() {
    if (!this.#pinned) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#top = this.#box.scrollTop;
    this.#height = this.#box.scrollHeight;
  }

  // A bubble that shrinks while others arrive moves the place up too: then only a hand tells the reader from the layout.
  #isReader() {
    const up = this.#box.scrollTop < this.#top - 1;
    const still = this.#box.scrollHeight === this.#height;
    return up && (still || performance.now() - this.#handAt < HAND_TIME);
  }

  #scrolled() {
    if (this.#pinned && !this.#isReader()) return void this.#keepBottom();
    this.#top = this.#box.scrollTop;
    const rest = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight;
    const arrived = rest < NEAR_BOTTOM && !this.#pinned;
    this.#pinned = rest < NEAR_BOTTOM;
    if (this.#pinned) this.#missed = 0;
    if (arrived) this.#context.onBottom();
    this.#showJump();
    this.#showDay();
    if (this.#box.scrollTop < NEAR_TOP && this.#from > 0) this.#earlier();
  }

  // The day floats above the messages only while the reader scrolls.
  #showDay() {
    this.#markDays();
    if (this.#pinned) return;
    this.#box.classList.add("scrolling");
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#box.classList.remove("scrolling"), DAY_SHOWN);
  }

  #markDays() {
    for (const title of this.#inner.querySelectorAll(".day-title")) title.classList.toggle("stuck", title.offsetTop > STUCK);
  }

  #earlier() {
    const rest = this.#box.scrollHeight - this.#box.scrollTop;
    this.#from = Math.max(0, this.#from - STEP);
    this.#redraw();
    this.#box.scrollTop = this.#box.scrollHeight - rest;
  }

  #showJump() {
    this.#jump.classList.toggle("away", this.#pinned);
    this.#badge.hidden = this.#missed === 0;
    this.#badge.textContent = String(this.#missed);
  }

  #onKey(event) {
    if (event.target.closest("button, a, input") || !["ArrowUp", "ArrowDown", "End"].includes(event.key)) return;
    if (event.key === "End") return void this.toBottom();
    const nodes = [...this.#nodes.values()];
    const current = nodes.indexOf(document.activeElement);
    const next = current < 0 ? nodes.at(-1) : nodes[current + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
