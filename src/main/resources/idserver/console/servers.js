// The servers that count side by side on this database, and their leases.

import { el } from "./dom.js";
import { t, number, time, relative } from "./text.js";
import { get } from "./api.js";
import { now } from "./live.js";
import { heading, button, table, empty, into, refreshing } from "./parts.js";

/** How long a lease lasts: where it seems to last longer, the clocks of server and database differ, and no seconds are told. */
const LEASE_S = 15;

export function servers(place, signal) {
  const list = el("div", { class: "list" });
  const show = () =>
    into(list, signal, async () => {
      const { nodes } = await get("admin/nodes", {}, signal);
      if (nodes.length === 0) {
        return empty(t("servers.none"));
      }
      const held = nodes.filter((each) => each.leased).length;
      return [el("p", { class: "lead" }, t("servers.count", { held: number(held), step: number(nodes[0].id_step) })), table(t("nav.servers"), columns(), nodes)];
    });

  place.replaceChildren(heading(t("nav.servers"), button(t("refresh"), show)), el("p", { class: "lead" }, t("servers.text")), list);
  refreshing(list, signal, show);
  show();
}

function columns() {
  return [
    { label: t("server"), cell: (row) => [el("b", {}, t("overview.place.of", { offset: row.node_offset, step: row.id_step })), " ", row.this_server ? el("span", { class: "badge" }, t("servers.this")) : null] },
    { label: t("servers.lease"), cell: lease },
    { label: t("servers.host"), fixed: true, cell: (row) => row.host || "–" },
    { label: t("servers.pid"), number: true, cell: (row) => (row.pid ? String(row.pid) : "–") },
    { label: t("servers.data_dir"), long: true, cell: (row) => el("code", {}, row.data_dir || "–") },
    { label: t("servers.time_zone"), cell: (row) => row.time_zone || "–" },
    { label: t("servers.since"), fixed: true, cell: (row) => time(row.started_at) },
  ];
}

/** Held, run out, as after a crash, or given back, as by a stop. */
function lease(row) {
  if (row.leased) {
    return [el("span", { class: "badge good" }, t("servers.leased")), el("small", {}, leaseLeft(row)), el("small", {}, t("servers.until", { time: time(row.lease_until) }))];
  }
  if (row.lease_until) {
    return [el("span", { class: "badge warn" }, t("servers.lapsed")), el("small", {}, relative(row.lease_until, now())), el("small", { class: "wrap" }, t("servers.lapsed.do"))];
  }
  return [el("span", { class: "badge" }, t("servers.given_back")), el("small", {}, t("servers.given_back.do"))];
}

function leaseLeft(row) {
  const left = Math.round((Date.parse(row.lease_until) - now()) / 1000);
  return Math.abs(left) > LEASE_S ? t("servers.renewed") : t("servers.left", { seconds: Math.max(0, left) });
}
