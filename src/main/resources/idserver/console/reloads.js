// The log of reloads: who changed the rules, when, and what came of it.

import { el } from "./dom.js";
import { t, name, number, time } from "./text.js";
import { get } from "./api.js";
import { heading, button, table, empty, into } from "./parts.js";

export function reloads(place, signal) {
  const list = el("div", { class: "list" });
  const show = () =>
    into(list, signal, async () => {
      const answer = await get("admin/reloads", {}, signal);
      return answer.reloads.length === 0 ? empty(t("reloads.none")) : table(t("nav.reloads"), columns(), answer.reloads);
    });

  place.replaceChildren(heading(t("nav.reloads"), button(t("refresh"), show)), el("p", { class: "lead" }, t("reloads.text")), list);
  show();
}

function columns() {
  return [
    { label: t("reloads.at"), fixed: true, cell: (row) => time(row.at) },
    { label: t("reloads.action"), cell: (row) => name("action", row.action) },
    { label: t("reloads.by"), cell: (row) => row.by ?? "–" },
    { label: t("reloads.outcome"), cell: (row) => el("span", { class: row.succeeded ? "badge good" : "badge bad" }, t(row.succeeded ? "reloads.good" : "reloads.bad")) },
    { label: t("reloads.version"), number: true, cell: (row) => number(row.version) },
    { label: t("reloads.rules"), cell: (row) => (row.rules.length === 0 ? "–" : el("ul", { class: "plain" }, row.rules.map((rule) => el("li", {}, rule.name, " ", el("span", { class: "quiet" }, name("change", rule.change)))))) },
    { label: t("reloads.message"), long: true, cell: (row) => [row.message, row.faults.length > 0 ? el("ul", {}, row.faults.map((fault) => el("li", {}, fault))) : null] },
  ];
}
