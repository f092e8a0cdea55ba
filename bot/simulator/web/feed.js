// One person's stream of events: reconnects by itself and catches up on what it missed.

import { openEvents, readMessages } from "./api.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 5000;

/** Follow a person; listeners: reset, message, deleted, toast, answered, typing, people, status. */
export class Feed {
  #user;
  #listeners;
  #source = null;
  #seq = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #held = null;
  #closed = false;

  constructor(user, listeners) {
    this.#user = user;
    this.#listeners = listeners;
    addEventListener("online", this.#retryNow);
    this.#connect();
  }

  close() {
    this.#closed = true;
    removeEventListener("online", this.#retryNow);
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #tell(name, value) {
    if (!this.#closed) this.#listeners[name]?.(value);
  }

  #connect() {
    if (this.#closed) return;
    const source = openEvents(this.#user);
    this.#source = source;
    this.#held = []; // events wait until the catch-up is in, so that order is kept
    source.addEventListener("open", () => this.#catchUp(source));
    source.addEventListener("error", () => this.#lost(source));
    for (const name of ["message", "deleted", "toast", "answered", "typing", "people"]) {
      source.addEventListener(name, (event) => this.#arrived(name, event.data));
    }
  }

  #arrived(name, data) {
    const value = JSON.parse(data || "{}");
    if (this.#held) this.#held.push([name, value]);
    else this.#tell(name, value);
  }

  async #catchUp(source) {
    try {
      await this.#readMissed();
    } catch {
      this.#lost(source);
      return;
    }
    if (source !== this.#source) return;
    const held = this.#held ?? [];
    this.#held = null;
    this.#wait = FIRST_WAIT;
    for (const [name, value] of held) this.#tell(name, value);
    this.#tell("status", "online");
  }

  async #readMissed() {
    let answer = await readMessages(this.#user, this.#seq);
    const restarted = this.#seq !== null && answer.seq < this.#seq;
    if (restarted) answer = await readMessages(this.#user);
    const fresh = this.#seq === null || restarted;
    this.#seq = answer.seq;
    if (fresh) this.#tell("reset", answer.messages);
    else for (const message of answer.messages) this.#tell(...missed(message));
  }

  #lost(source) {
    if (source !== this.#source || this.#closed) return;
    source.close();
    this.#source = null;
    this.#tell("status", "offline");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #retryNow = () => {
    if (this.#source) return;
    clearTimeout(this.#timer);
    this.#connect();
  };
}

const missed = (message) => (message.deleted ? ["deleted", { message_id: message.message_id }] : ["message", message]);
