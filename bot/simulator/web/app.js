// Starts the page: who is open (in the address), the people list, one or two phones.

import { readState } from "./api.js";
import { avatar, fullName, h, wide } from "./dom.js";
import { Feed } from "./feed.js";
import { Phone } from "./phone.js";
import { Sidebar } from "./sidebar.js";
import { languageOf, pageLanguage, say } from "./words.js";

const AGAIN = 1500;
const twoFit = matchMedia("(min-width: 1180px)");
const root = document.getElementById("app");
const stage = document.getElementById("stage");
const state = { bot: null, banner: null, people: [], open: [] };
const phones = new Map();
let lobby = null;

const sidebar = new Sidebar(document.getElementById("sidebar"), {
  onOpen: (id) => openInstead(id),
  onBeside: (id) => goTo([state.open[0], id]),
  onLanguage: () => { rebuild(); draw(); },
});

const wanted = () => [...new Set(location.hash.slice(1).split("+").map(Number).filter(Number.isSafeInteger))].filter(Boolean).slice(0, 2);
const fitting = (ids) => (twoFit.matches || (wide.matches && document.documentElement.classList.contains("frameless")) ? ids : ids.slice(0, 1));
const personOf = (id) => state.people.find((person) => person.id === id);

function goTo(ids) {
  const known = [...new Set(ids)].filter(Boolean);
  if (known.length > 0) location.hash = known.join("+");
  else if (location.hash) history.pushState(null, "", location.pathname + location.search);
  follow();
}

// With two phones open, the list changes the one that was not chosen last.
function openInstead(id) {
  if (state.open.includes(id)) phones.get(id)?.focus();
  else if (state.open.length === 2) goTo([state.open[0], id]);
  else goTo([id]);
}

function follow() {
  const ids = fitting(wanted()).filter(personOf);
  const before = state.open;
  state.open = ids;
  for (const id of before) if (!ids.includes(id)) shut(id);
  if ((before.length === 2) !== (ids.length === 2)) ids.forEach(shut); // the close button comes or goes
  ids.forEach((id) => phones.has(id) || phones.set(id, newPhone(id)));
  settleStage();
  watchLobby();
  draw();
  if (ids.some((id) => !before.includes(id))) phones.get(ids.at(-1))?.focus();
}

function shut(id) {
  phones.get(id)?.close();
  phones.delete(id);
}

function newPhone(id) {
  return new Phone(personOf(id), state.bot, {
    canClose: state.open.length === 2,
    onBack: () => goTo([]),
    onClose: () => goTo(state.open.filter((other) => other !== id)),
    onPeople: takePeople,
    onStatus: (status) => status === "online" && refresh(),
  });
}

function settleStage() {
  const shown = state.open.map((id) => phones.get(id).element);
  const extra = state.open.length === 0 ? pickHint() : state.open.length === 1 ? ghost() : null;
  root.dataset.open = String(state.open.length);
  const present = [...stage.children];
  for (const child of present) if (!shown.includes(child)) child.remove();
  shown.forEach((element, index) => stage.children[index] !== element && stage.insertBefore(element, stage.children[index] ?? null));
  if (extra) stage.append(extra);
}

function pickHint() {
  const lang = pageLanguage();
  return h("div", { class: "pick" }, h("img", { src: "/static/logo.svg", alt: "" }), h("h2", {}, say(lang, "pickPerson")), h("p", {}, say(lang, "pickHint")));
}

function ghost() {
  const lang = pageLanguage();
  const others = state.people.filter((person) => !state.open.includes(person.id)).slice(0, 5);
  if (others.length === 0) return null;
  const entry = (person) => h("li", {}, h("button", {
    type: "button", on: { click: () => goTo([state.open[0], person.id]) },
  }, avatar(person, "tiny"), h("span", { dir: "auto" }, fullName(person))));
  return h("aside", { class: "ghost-phone" }, h("h2", {}, say(lang, "secondPhone")), h("p", {}, say(lang, "secondHint")), h("ul", {}, others.map(entry)));
}

// With no phone open, somebody's stream still carries the news of the people list.
function watchLobby() {
  const needed = state.open.length === 0 && state.people.length > 0;
  if (needed && !lobby) {
    lobby = new Feed(state.people[0].id, { people: ({ people }) => takePeople(people), status: (status) => status === "online" && refresh() });
  } else if (!needed && lobby) {
    lobby.close();
    lobby = null;
  }
}

function takePeople(people) {
  const changedLanguage = people.filter((person) => phones.has(person.id) && languageOf(person) !== phones.get(person.id).lang);
  const newcomers = people.length !== state.people.length;
  state.people = people;
  for (const person of people) phones.get(person.id)?.update(person);
  changedLanguage.forEach((person) => shut(person.id));
  if (changedLanguage.length > 0 || newcomers) follow();
  else draw();
}

function rebuild() {
  state.open.forEach(shut);
  state.open = [];
  follow();
}

function draw() {
  const people = state.people.map((person) => (phones.get(person.id)?.isReading ? { ...person, unread: 0 } : person));
  sidebar.draw({ ...state, people });
  const unread = people.reduce((sum, person) => sum + person.unread, 0);
  document.title = unread > 0 ? `(${unread}) Relance` : "Relance";
}

async function refresh() {
  const answer = await readState().catch(() => null);
  if (!answer) return false;
  state.bot = answer.bot;
  state.banner = answer.banner;
  takePeople(answer.people);
  return answer.people.length > 0;
}

async function begin() {
  if (!(await refresh())) {
    draw();
    setTimeout(begin, AGAIN);
    return;
  }
  follow();
}

addEventListener("hashchange", follow);
addEventListener("popstate", follow);
twoFit.addEventListener("change", follow);
wide.addEventListener("change", follow);
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
root.dataset.open = "0";
begin();
