// Language: texts, numbers and times as people read them.

import { memory } from "./dom.js";

export const LANGUAGES = { en: "English", zh: "中文" };

let texts = {};
let language = "en";
let locale = "en";

/** Loads a language; without one, what was chosen before or what the browser asks for. */
export async function load(chosen) {
  language = [chosen, memory.get("language"), navigator.language.slice(0, 2)].find((each) => each in LANGUAGES) ?? "en";
  if (chosen) {
    memory.set("language", language);
  }
  locale = language === "zh" ? "zh-CN" : "en";
  const answer = await fetch(new URL(`${language}.json`, import.meta.url), { credentials: "omit" });
  texts = await answer.json();
  document.documentElement.lang = locale;
}

/** Which language is shown. */
export function current() {
  return language;
}

/** The text of this key, with {name} replaced. */
export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A kind of thing by the name the server has for it, in this language where it has one. */
export function name(kind, value) {
  return value === null || value === undefined ? "–" : (texts[`${kind}.${value}`] ?? String(value));
}

/** How often a counter starts again: a unit of the calendar, or so many seconds. */
export function period(value) {
  const seconds = /^(\d+) s$/.exec(value ?? "")?.[1];
  const unit = { 3600: "hour", 86400: "day" }[seconds] ?? value;
  return seconds && unit === value ? t("period.seconds", { seconds: number(seconds) }) : name("period", unit);
}

/** A number, or the digits of one that is too large for a number of JavaScript; a dash when there is none. */
export function number(value) {
  if (value === null || value === undefined || value === "") {
    return "–";
  }
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return format.format(typeof value === "string" ? BigInt(value) : value);
}

/** A large number, short: 12.3K. */
export function short(value) {
  return new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** A share of 1 in per cent. */
export function percent(share) {
  if (share > 0 && share < 0.0001) {
    return "< " + percent(0.0001);
  }
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(share);
}

/** Microseconds as a time a person can read. */
export function duration(us) {
  if (us === null || us === undefined) {
    return "–";
  }
  const [value, unit] = us < 1000 ? [us, "µs"] : us < 1_000_000 ? [us / 1000, "ms"] : [us / 1_000_000, "s"];
  return `${new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value)} ${unit}`;
}

/** An ISO time without its offset, as the server has it in its own zone: 2026-11-23 10:00:00. Where it is in UTC, that is said. */
export function time(iso) {
  return iso ? iso.replace("T", " ").replace(/(\.\d+)?(Z|[+-]\d\d:\d\d)?$/, (whole, fraction, zone) => (zone === "Z" ? " UTC" : "")) : "–";
}

/** The time of day here, of milliseconds since 1970. */
export function clock(ms) {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(ms);
}

/** How far an ISO time is from now, in milliseconds since 1970: in 3 days. */
export function relative(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  const steps = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
