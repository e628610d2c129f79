// The counters: how far each is, how much of its range is used, and raising one.

import { el } from "./dom.js";
import { t, period, number, percent, time, relative } from "./text.js";
import { get, post, Refused } from "./api.js";
import { samples } from "./live.js";
import { heading, button, field, table, empty, into, refreshing, allocation, dialog, failure, notice } from "./parts.js";

const PAGE = 50;
const TYPING_MS = 300;

export function counters(place, signal) {
  const search = el("input", { type: "search", name: "search", autocapitalize: "none", spellcheck: "false", oninput: typed });
  const list = el("div", { class: "list" });
  // the tokens of the pages before this one; the first page has none
  let pages = [null];
  let typing = 0;

  place.replaceChildren(
    heading(t("nav.counters"), button(t("counters.raise_other"), () => raise({ rule: "", app: "", reserved: null }, show))),
    el("form", { class: "filter", role: "search", onsubmit: (event) => event.preventDefault() }, field(t("counters.search"), search)),
    list,
  );

  function typed() {
    clearTimeout(typing);
    typing = setTimeout(() => turn([null]), TYPING_MS);
  }

  function turn(to) {
    pages = to;
    return show();
  }

  function show() {
    return into(list, signal, async () => {
      const answer = await get("admin/counters", { search: search.value.trim(), after: pages.at(-1), limit: PAGE }, signal);
      if (answer.counters.length === 0) {
        return empty(search.value ? t("counters.none_found") : t("counters.none"));
      }
      return [
        table(t("nav.counters"), columns(show), answer.counters),
        el(
          "div",
          { class: "pages" },
          pages.length > 1 ? button(t("page.before"), () => turn(pages.slice(0, -1))) : null,
          answer.next ? button(t("page.next"), () => turn([...pages, answer.next])) : null,
        ),
      ];
    });
  }

  refreshing(list, signal, show);
  show();
}

function columns(changed) {
  return [
    { label: t("counter.rule"), cell: (row) => row.rule },
    { label: t("counter.app"), long: true, cell: (row) => el("b", {}, row.app) },
    { label: t("server"), number: true, cell: server },
    { label: t("counter.last"), number: true, cell: last },
    { label: t("counter.period"), cell: (row) => [period(row.period), row.period_start ? el("small", {}, time(row.period_start)) : null] },
    { label: t("counter.used"), fixed: true, cell: used },
    { label: t("counter.exhausted"), cell: exhausted },
    { label: t("counter.block"), number: true, cell: block },
    { label: t("counter.action"), cell: (row) => own(row) && el("button", { type: "button", "aria-label": t("raise.this", { rule: row.rule, app: row.app }), onclick: () => raise(row, changed) }, t("raise")) },
  ];
}

/** One server's place, or that the counter is in a row which all servers share. */
function server(row) {
  if (row.node_offset >= 0) {
    return number(row.node_offset);
  }
  return [row.allocation ? allocation(row.allocation) : null, el("small", {}, t("counter.all_servers"))];
}

/** A gap-free or strict counter is as far on each server; of the others a server knows what itself has issued. */
function last(row) {
  if (row.allocation === "gap_free" || row.allocation === "strict") {
    return number(row.reserved);
  }
  return row.last_number === null && own(row) ? el("span", { class: "quiet" }, t(row.node_offset < 0 ? "counter.unused_here" : "counter.unused")) : number(row.last_number);
}

/** A gap-free counter has no block: its numbers are held one by one. */
function block(row) {
  if (row.allocation === "gap_free") {
    return el("a", { href: `#/held/${encodeURIComponent(row.rule)}/${encodeURIComponent(row.app)}`, "aria-label": t("counter.held.of", { rule: row.rule, app: row.app }) }, t("counter.held"));
  }
  return [number(row.block_left), el("small", {}, t("counter.reserved", { reserved: number(row.reserved) }))];
}

/** Whether it is this server's: of the others only the database's share is known, and they alone can raise theirs. */
function own(row) {
  const here = samples.at(-1);
  return here === undefined || here.node_offset === row.node_offset || row.node_offset < 0;
}

function used(row) {
  if (row.used_share === null) {
    return "–";
  }
  const bar = el("span", { class: row.near_end ? "bar bad" : row.used_share >= 0.7 ? "bar warn" : "bar", "aria-hidden": "true" }, el("span"));
  bar.firstChild.style.inlineSize = `${Math.min(100, 100 * row.used_share)}%`;
  const near = row.near_end ? el("span", { class: "badge warn" }, t("counter.near_end")) : null;
  return [bar, percent(row.used_share), near, el("small", {}, t("counter.of", { max: number(row.max) }))];
}

function exhausted(row) {
  if (!row.exhausted_at) {
    return el("span", { class: "quiet" }, row.period === "never" || row.period === null ? t("counter.no_forecast") : t("counter.not_in_period"));
  }
  return [el("strong", { class: "warn-text" }, relative(row.exhausted_at)), el("small", {}, time(row.exhausted_at).slice(0, 16))];
}

/** Asks for the number, says what that skips, and raises when that is confirmed. */
function raise(row, changed) {
  dialog(t("raise.title"), (body, close) => {
    const known = row.rule !== "";
    const rule = el("input", { name: "rule", value: row.rule, readonly: known, required: true, autocapitalize: "none", spellcheck: "false" });
    const app = el("input", { name: "app", value: row.app, readonly: known, required: true, autocapitalize: "none", spellcheck: "false" });
    const to = el("input", { name: "to", inputmode: "numeric", pattern: "[0-9]{1,19}", required: true, autocomplete: "off", autofocus: known });
    const outcome = el("div", {});

    function ask(event) {
      event.preventDefault();
      const text = known && BigInt(to.value) > BigInt(row.reserved) ? t("raise.skips", { from: number((BigInt(row.reserved) + 1n).toString()), to: number(to.value) }) : t("raise.never_down");
      const confirm = el("button", { type: "button", class: "danger", onclick: send }, t("raise.confirm", { to: number(to.value) }));
      outcome.replaceChildren(el("div", { class: "alarm warn", role: "alert" }, el("p", {}, text), el("div", { class: "actions" }, confirm)));
      confirm.focus();
    }

    async function send(event) {
      event.target.disabled = true;
      try {
        const answer = await post("admin/counters/raise", { rule: rule.value, app: app.value, to: to.value });
        close();
        notice(t(answer.raised ? "raise.done" : "raise.was_there", { rule: answer.rule, app: answer.app, to: number(to.value) }));
        changed();
      } catch (e) {
        if (e instanceof Refused && e.status === 401) {
          close();
        } else {
          outcome.replaceChildren(failure(e));
        }
      }
    }

    body.append(
      el(
        "form",
        { onsubmit: ask, oninput: () => outcome.replaceChildren() },
        el("p", {}, t("raise.text")),
        field(t("counter.rule"), rule),
        field(t("counter.app"), app),
        known ? el("p", { class: "quiet" }, t("raise.now", { reserved: number(row.reserved), max: number(row.max) })) : null,
        (samples.at(-1)?.id_step ?? 1) > 1 && row.allocation !== "gap_free" && row.allocation !== "strict" ? el("p", { class: "quiet" }, t("raise.one")) : null,
        field(t("raise.to"), to, t("raise.to.hint")),
        outcome,
        el("div", { class: "actions" }, button(t("cancel"), close), el("button", { class: "first" }, t("raise.next"))),
      ),
    );
  });
}
