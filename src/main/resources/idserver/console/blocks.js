// The blocks: which server was given which numbers, and when.

import { el } from "./dom.js";
import { t, number, time } from "./text.js";
import { get } from "./api.js";
import { heading, field, table, empty, into } from "./parts.js";

const MOST = 100;

export function blocks(place, signal) {
  const input = (name, more = {}) => el("input", { name, autocapitalize: "none", spellcheck: "false", ...more });
  const rule = input("rule");
  const app = input("app");
  const held = input("number", { inputmode: "numeric", pattern: "[0-9]{1,19}" });
  const list = el("div", { class: "list" });

  place.replaceChildren(
    heading(t("nav.blocks")),
    el("p", { class: "lead" }, t("blocks.text")),
    el(
      "form",
      {
        class: "filter",
        role: "search",
        onsubmit: (event) => {
          event.preventDefault();
          show();
        },
      },
      field(t("counter.rule"), rule),
      field(t("counter.app"), app),
      field(t("blocks.number"), held),
      el("button", { class: "first" }, t("blocks.find")),
    ),
    list,
  );

  function show() {
    return into(list, signal, async () => {
      const query = { rule: rule.value.trim(), app: app.value, number: held.value.trim(), limit: MOST };
      const answer = await get("admin/blocks", query, signal);
      if (answer.blocks.length === 0) {
        return empty(query.rule || query.app || query.number ? t("blocks.none_found") : t("blocks.none"));
      }
      return [table(t("nav.blocks"), columns(), answer.blocks), answer.blocks.length === MOST ? el("p", { class: "quiet" }, t("blocks.newest", { count: MOST })) : null].filter(Boolean);
    });
  }

  show();
}

function columns() {
  return [
    { label: t("blocks.at"), fixed: true, cell: (row) => time(row.at) },
    { label: t("counter.rule"), cell: (row) => row.rule },
    { label: t("counter.app"), long: true, cell: (row) => el("b", {}, row.app) },
    { label: t("server"), number: true, cell: (row) => number(row.node_offset) },
    { label: t("blocks.period"), fixed: true, cell: (row) => time(row.period_start) },
    { label: t("blocks.first"), number: true, cell: (row) => number(row.first) },
    { label: t("blocks.last"), number: true, cell: (row) => number(row.last) },
    { label: t("blocks.size"), number: true, cell: (row) => number(row.size) },
  ];
}
