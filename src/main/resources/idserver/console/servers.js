// The servers that count side by side on this database, and their leases.

import { el } from "./dom.js";
import { t, number, time } from "./text.js";
import { get } from "./api.js";
import { heading, button, table, empty, into } from "./parts.js";

export function servers(place, signal) {
  const list = el("div", { class: "list" });
  const show = () =>
    into(list, signal, async () => {
      const { nodes } = await get("admin/nodes", {}, signal);
      return nodes.length === 0 ? empty(t("servers.none")) : table(t("nav.servers"), columns(), nodes);
    });

  place.replaceChildren(heading(t("nav.servers"), button(t("refresh"), show)), el("p", { class: "lead" }, t("servers.text")), list);
  show();
}

function columns() {
  return [
    { label: t("server"), cell: (row) => [el("b", {}, t("overview.place.of", { offset: row.node_offset, step: row.id_step })), " ", row.this_server ? el("span", { class: "badge" }, t("servers.this")) : null] },
    { label: t("servers.lease"), cell: lease },
    { label: t("servers.host"), fixed: true, cell: (row) => row.host ?? "–" },
    { label: t("servers.pid"), number: true, cell: (row) => (row.pid === null || row.pid === undefined ? "–" : String(row.pid)) },
    { label: t("servers.data_dir"), long: true, cell: (row) => el("code", {}, row.data_dir ?? "–") },
    { label: t("servers.time_zone"), cell: (row) => row.time_zone ?? "–" },
    { label: t("servers.started"), fixed: true, cell: (row) => time(row.started_at) },
  ];
}

function lease(row) {
  const held = row.leased ? el("span", { class: "badge good" }, t("servers.leased")) : el("span", { class: "badge warn" }, t("servers.not_leased"));
  return [held, row.lease_until ? el("small", {}, t("servers.until", { time: time(row.lease_until) })) : null];
}
