// The page: navigation, language and theme, who is logged in, and the state of the server.

import { el, say, memory } from "./dom.js";
import { t, load, current, LANGUAGES } from "./text.js";
import { session, user, logOut } from "./api.js";
import * as feed from "./live.js";
import { button, notice, retry } from "./parts.js";
import { login } from "./login.js";
import { overview } from "./overview.js";
import { counters } from "./counters.js";
import { held } from "./held.js";
import { blocks } from "./blocks.js";
import { servers } from "./servers.js";
import { rules } from "./rules.js";
import { reloads } from "./reloads.js";

/** Each shows itself in a place until its signal says that it is left; the rest of the address is its own. */
const VIEWS = { overview, counters, held, blocks, servers, rules, reloads };
const PUBLIC = ["overview"];
const THEMES = ["system", "light", "dark"];

const main = document.getElementById("main");
let shown = new AbortController();

/** What the address asks for: the view, and what is behind it. */
function route() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return name in VIEWS ? { name, rest } : { name: "overview", rest: [] };
}

function show() {
  shown.abort();
  shown = new AbortController();
  const { name, rest } = route();
  const title = t(`nav.${name}`);
  document.title = `${title} · id_server`;
  drawNavigation(name);
  main.replaceChildren();
  main.dataset.view = name;
  const allowed = PUBLIC.includes(name) || user() !== null;
  (allowed ? VIEWS[name] : login)(main, shown.signal, rest);
}

function drawNavigation(name) {
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", t("nav"));
  nav.replaceChildren(
    el(
      "ul",
      {},
      Object.keys(VIEWS).map((each) => el("li", {}, el("a", { href: `#/${each}`, "aria-current": each === name ? "page" : null }, t(`nav.${each}`)))),
    ),
  );
  // on a narrow screen the list is wider than the screen
  const here = nav.querySelector("[aria-current]");
  nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}

function drawSettings() {
  const choice = (label, id, options, chosen, onchange) =>
    el(
      "label",
      { class: "field" },
      el("span", {}, label),
      el("select", { id, onchange }, options.map(([value, name]) => el("option", { value, selected: value === chosen, lang: value === "zh" ? "zh-CN" : null }, name))),
    );
  document.getElementById("settings").replaceChildren(
    ...[
      user() ? el("p", { class: "user" }, el("span", {}, t("login.as", { user: user() })), button(t("login.out"), logOut)) : null,
      choice(t("language"), "language", Object.entries(LANGUAGES), current(), (event) => speak(event.target.value, event.target.id)),
      choice(t("theme"), "theme", THEMES.map((each) => [each, t(`theme.${each}`)]), document.documentElement.dataset.theme ?? "system", (event) => paint(event.target.value)),
    ].filter(Boolean),
  );
}

function paint(theme) {
  memory.set("theme", theme);
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

async function speak(language, focused) {
  await load(language);
  drawAll();
  document.getElementById(focused)?.focus();
}

function drawAll() {
  say(document.getElementById("skip"), t("skip"));
  drawSettings();
  drawState();
  show();
}

/** Whether the server is there and ready: said where it changes, on every page. */
function drawState() {
  const last = feed.samples.at(-1);
  const [kind, text] =
    feed.state === "lost"
      ? ["bad", t("state.lost")]
      : feed.state === "connecting" || !last
        ? ["wait", t("state.connecting")]
        : !last.ready
          ? ["bad", t("state.not_ready")]
          : last.database_down
            ? ["warn", t("state.database_down")]
            : ["good", t("state.ready", { place: last.node_offset, step: last.id_step })];
  const place = document.getElementById("state");
  place.className = `state ${kind}`;
  say(place, text);
}

window.addEventListener("hashchange", () => {
  show();
  // whoever went on by keyboard or screen reader begins at the new page's heading
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
session.addEventListener("change", (event) => {
  drawSettings();
  show();
  if (event.detail) {
    notice(t(`login.${event.detail}`));
  }
});
feed.live.addEventListener("sample", drawState);
feed.live.addEventListener("state", drawState);
// what could not be read while the server was away is read now that it is back
feed.live.addEventListener("state", () => feed.state === "open" && retry(main));

await load();
drawAll();
feed.start();
