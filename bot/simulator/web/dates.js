// Days, times and sizes as the reader's language writes them.

import { say } from "./words.js";

const LOCALES = { fr: "fr-FR", en: "en-GB" };
const DAY = 86_400_000;
const formats = new Map();

function format(lang, options) {
  const key = lang + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALES[lang] ?? "fr-FR", options));
  return formats.get(key);
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const daysAgo = (date) => Math.round((midnight(new Date()) - midnight(date)) / DAY);
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Name the day of a unix moment so that equal days have equal keys. */
export const dayKey = (unix) => {
  const date = new Date(unix * 1000);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
};

export const clock = (unix, lang) => format(lang, { hour: "2-digit", minute: "2-digit" }).format(unix * 1000);

/** Title of a day's messages: today, yesterday, or the date. */
export function dayTitle(unix, lang) {
  const date = new Date(unix * 1000);
  const ago = daysAgo(date);
  if (ago === 0) return say(lang, "today");
  if (ago === 1) return say(lang, "yesterday");
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return capital(format(lang, { weekday: "long", day: "numeric", month: "long", year }).format(date));
}

/** Shortest useful moment for the people list. */
export function moment(unix, lang) {
  if (!unix) return "";
  const date = new Date(unix * 1000);
  const ago = daysAgo(date);
  if (ago <= 0) return clock(unix, lang);
  if (ago === 1) return say(lang, "yesterday");
  if (ago < 7) return format(lang, { weekday: "short" }).format(date);
  return format(lang, { day: "2-digit", month: "2-digit", year: "2-digit" }).format(date);
}

export const fullMoment = (unix, lang) =>
  format(lang, { dateStyle: "full", timeStyle: "medium" }).format(unix * 1000);

export const seconds = (total) => {
  const whole = Math.max(0, Math.floor(Number.isFinite(total) ? total : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** Size of a file as people read it. */
export function fileSize(bytes, lang) {
  const number = new Intl.NumberFormat(LOCALES[lang], { maximumFractionDigits: 1 });
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return say(lang, "bytes", { n: bytes });
  if (bytes < 1e6) return say(lang, "kilobytes", { n: number.format(Math.round(bytes / 1000)) });
  return say(lang, "megabytes", { n: number.format(bytes / 1e6) });
}
