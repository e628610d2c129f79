// The numbers of gap-free rules that are not confirmed: whose each is and until when, what is free, and what is doubtful.

import { el } from "./dom.js";
import { t, number, time, relative } from "./text.js";
import { get } from "./api.js";
import { now } from "./live.js";
import { heading, button, field, table, empty, into, refreshing } from "./parts.js";

/** So many are asked for at once, and counted; of them a page is shown. */
const MOST = 1000;
const PAGE = 50;
/** Counters of other rules whose names contain the rule's may fill some pages. */
const MOST_PAGES = 20;

/** In the order in which somebody has to look into them. */
const STATES = ["doubtful", "run_out", "held", "free"];
const BADGES = { doubtful: "badge bad", run_out: "badge warn", held: "badge good", free: "badge" };

export function held(place, signal, [rule, app]) {
  const content = el("div", {});
  place.replaceChildren(heading(t("nav.held")), el("p", { class: "lead" }, t("held.text")), content);
  into(content, signal, async () => {
    const { rules } = await get("admin/rules", {}, signal);
    const names = rules.filter((each) => each.allocation === "gap_free").map((each) => each.name);
    if (names.length === 0) {
      return empty(t("held.no_rule"));
    }
    const chosen = rule || names[0];
    if (!names.includes(chosen)) {
      return [choice(names, null, ""), empty(t("held.other_rule", { rule: chosen }))];
    }
    return [choice(names, chosen, app ?? ""), ...(app ? numbers(chosen, app, signal) : counters(chosen, signal))];
  });
}

function address(rule, app) {
  return `#/held/${encodeURIComponent(rule)}` + (app ? `/${encodeURIComponent(app)}` : "");
}

/** Which counter; without a namespace all of the rule. */
function choice(names, chosen, app) {
  const rule = el("select", { name: "rule" }, names.map((each) => el("option", { selected: each === chosen }, each)));
  const namespace = el("input", { name: "app", value: app, autocapitalize: "none", spellcheck: "false" });
  const go = (event) => {
    event.preventDefault();
    location.hash = address(rule.value, namespace.value);
  };
  return el("form", { class: "filter", role: "search", onsubmit: go }, field(t("counter.rule"), rule), field(t("counter.app"), namespace), el("button", { class: "first" }, t("held.show")));
}

/** The counters of the rule, to choose one. */
function counters(rule, signal) {
  const list = el("div", { class: "list" });
  let pages = [null];

  const turn = (to) => {
    pages = to;
    show();
  };
  const show = () =>
    into(list, signal, async () => {
      let after = pages.at(-1);
      let rows = [];
      for (let i = 0; i < MOST_PAGES && rows.length === 0 && (i === 0 || after); i++) {
        const answer = await get("admin/counters", { search: rule, after, limit: PAGE }, signal);
        rows = answer.counters.filter((each) => each.rule === rule);
        after = answer.next;
      }
      if (rows.length === 0 && pages.length === 1) {
        return empty(t("held.no_counter", { rule }));
      }
      return [
        table(t("nav.counters"), counterColumns(), rows),
        paging(pages.length > 1 ? () => turn(pages.slice(0, -1)) : null, after ? () => turn([...pages, after]) : null),
      ];
    });

  show();
  return [list];
}

function counterColumns() {
  return [
    { label: t("counter.app"), long: true, cell: (row) => el("a", { href: address(row.rule, row.app) }, row.app) },
    { label: t("counter.last"), number: true, cell: (row) => number(row.reserved) },
    { label: t("held.period"), fixed: true, cell: (row) => time(row.period_start) },
  ];
}

/** What is not confirmed of one counter: how many of each state, and each of them. */
function numbers(rule, app, signal) {
  const summary = el("dl", { class: "tiles" });
  const state = el("select", { name: "state", onchange: () => turn(tokens, 0) }, ["", ...STATES].map((each) => el("option", { value: each }, t(each ? `held.state.${each}` : "held.all"))));
  const list = el("div", { class: "list" });
  // where those begin that are asked for, and the page of them that is shown
  let tokens = [null];
  let page = 0;

  const turn = (to, at) => {
    tokens = to;
    page = at;
    show();
  };
  const show = () =>
    into(list, signal, async () => {
      const { held: found, next } = await get("admin/held", { rule, app, after: tokens.at(-1), limit: MOST }, signal);
      const rows = found.map((each) => ({ ...each, shown: shownState(each) }));
      summary.replaceChildren(...STATES.map((each) => tile(each, rows)));
      const wanted = rows.filter((each) => !state.value || each.shown === state.value);
      const last = Math.max(0, Math.ceil(wanted.length / PAGE) - 1);
      page = Math.min(page, last);
      const before = page > 0 ? () => turn(tokens, page - 1) : tokens.length > 1 ? () => turn(tokens.slice(0, -1), Infinity) : null;
      const after = page < last ? () => turn(tokens, page + 1) : next ? () => turn([...tokens, next], 0) : null;
      return [
        rows.length > 0 && (next || tokens.length > 1) ? el("p", { class: "quiet" }, t("held.part", { count: number(rows.length), from: number(rows[0].number) })) : null,
        wanted.length === 0 ? empty(t(rows.length > 0 ? "held.none_found" : tokens.length > 1 ? "held.no_more" : "held.none", { app })) : table(t("nav.held"), numberColumns(), wanted.slice(page * PAGE, (page + 1) * PAGE)),
        paging(before, after),
      ].filter(Boolean);
    });

  refreshing(list, signal, show);
  show();
  return [summary, el("div", { class: "filter" }, field(t("held.state"), state), button(t("refresh"), show)), list];
}

/** A hold that has run out is its holder's only until the next request takes it. */
function shownState(hold) {
  return hold.state === "held" && Date.parse(hold.held_until) <= now() ? "run_out" : hold.state;
}

function tile(state, rows) {
  const count = rows.filter((each) => each.shown === state).length;
  return el("div", {}, el("dt", {}, t(`held.state.${state}`)), el("dd", { "data-figure": state }, number(count)), el("dd", { class: "hint" }, t(`held.state.${state}.hint`)));
}

function numberColumns() {
  return [
    { label: t("held.number"), number: true, cell: (row) => el("b", {}, number(row.number)) },
    { label: t("held.state"), cell: (row) => el("span", { class: BADGES[row.shown] }, t(`held.state.${row.shown}`)) },
    { label: t("held.name"), long: true, cell: (row) => row.request_id ?? "–" },
    { label: t("lab.id"), long: true, cell: (row) => (row.id ? el("code", {}, row.id) : "–") },
    { label: t("held.until"), fixed: true, cell: (row) => (row.held_until ? [time(row.held_until), el("small", {}, relative(row.held_until, now()))] : "–") },
    { label: t("held.period"), fixed: true, cell: (row) => time(row.period_start) },
  ];
}

function paging(before, after) {
  return el("div", { class: "pages" }, before ? button(t("page.before"), before) : null, after ? button(t("page.next"), after) : null);
}
