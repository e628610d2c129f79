// How the server is, at one look: what is wrong, the live figures, and what was counted since the start.

import { el, say } from "./dom.js";
import { t, number, short, duration } from "./text.js";
import { get } from "./api.js";
import { live, samples } from "./live.js";
import { chart } from "./chart.js";
import { heading, into } from "./parts.js";

const STATUS_MS = 5000;

const FIGURES = [
  ["ids_per_second", number],
  ["requests_per_second", number],
  ["refused_per_second", number],
  ["latency_p50_us", duration],
  ["latency_p99_us", duration],
  ["blocks_per_second", number],
  ["waiting", number],
  ["queued", number],
  ["counters", number],
  ["rule_book_version", number],
];

const TOTALS = ["parked", "reservations", "blocks", "received", "lost", "dropped", "errors_suppressed",
  "repetitions_answered"];

/** Told where the server has given a number that no other may miss. */
const GAP_FREE = ["gap_free_held", "gap_free_confirmed", "gap_free_cancelled", "gap_free_lapsed"];

/** What an operator has to know, the worst first: [how bad, key, values]. */
function problems(status) {
  return [
    [status.node_lost, "bad", "node_lost"],
    [status.database_down, "bad", "database_down"],
    [!status.ready && !status.node_lost && !status.database_down, "bad", "not_ready"],
    [status.open && !status.listening, "bad", "not_listening"],
    [status.clock_ahead_seconds > 0, "bad", "clock_ahead"],
    [status.older_counters > 0, "warn", "older_counters"],
    [status.lost > 0, "warn", "lost"],
  ].filter(([wrong]) => wrong);
}

export function overview(place, signal) {
  const figures = FIGURES.map(([name, format]) => ({ name, format, node: el("dd", { "data-figure": name }, "–") }));
  const line = (name, format) => ({ name: t(`chart.${name}`), key: name, format });
  const rates = chart(t("chart.rates"), [line("ids_per_second", number), line("requests_per_second", number), line("refused_per_second", number)], short);
  const latency = chart(t("chart.latency"), [line("latency_p50_us", duration), line("latency_p99_us", duration)], duration);
  const alarms = el("div", { class: "alarms" });
  const totals = el("div", { class: "totals" });

  place.replaceChildren(
    heading(t("nav.overview")),
    alarms,
    el("dl", { class: "tiles" }, figures.map(({ name, node }) => el("div", {}, el("dt", {}, t(`live.${name}`)), node, el("dd", { class: "hint" }, t(`live.${name}.hint`))))),
    el("div", { class: "charts" }, rates.node, latency.node),
    totals,
  );

  function draw() {
    const last = samples.at(-1);
    if (last) {
      figures.forEach(({ name, format, node }) => say(node, format(last[name])));
      rates.draw(samples);
      latency.draw(samples);
    }
  }

  async function status() {
    if (!document.hidden) {
      await into(totals, signal, async () => {
        const now = await get("status", {}, signal);
        drawAlarms(alarms, now);
        return drawTotals(now);
      });
    }
  }

  live.addEventListener("sample", draw, { signal });
  document.addEventListener("visibilitychange", status, { signal });
  const timer = setInterval(status, STATUS_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  draw();
  status();
}

/** Told once when something begins or ends, and not every five seconds. */
function drawAlarms(alarms, status) {
  const found = problems(status);
  const known = found.map(([, , name]) => name).join();
  if (alarms.dataset.known === known) {
    return;
  }
  alarms.dataset.known = known;
  alarms.replaceChildren(
    ...found.map(([, kind, name]) =>
      el("div", { class: `alarm ${kind}`, role: "alert" }, el("strong", {}, t(`alarm.${name}`)), " ", t(`alarm.${name}.do`)),
    ),
  );
}

function drawTotals(status) {
  const fact = (label, value) => el("div", {}, el("dt", {}, label), el("dd", {}, value));
  return [
    el(
      "section",
      { class: "panel" },
      el("h2", {}, t("overview.server")),
      el(
        "dl",
        { class: "facts" },
        fact(t("overview.place"), t("overview.place.of", { offset: status.node_offset, step: status.id_step })),
        fact(t("overview.rules"), status.rules.length === 0 ? "–" : status.rules.join(", ")),
        fact(t("overview.older_counters"), number(status.older_counters)),
      ),
    ),
    el(
      "section",
      { class: "panel" },
      el("h2", {}, t("overview.totals")),
      el("dl", { class: "facts" }, [...TOTALS, ...(GAP_FREE.some((each) => status[each] > 0) ? GAP_FREE : [])].map((name) => fact(t(`total.${name}`), status[name] < 0 ? t("total.unknown") : number(status[name])))),
    ),
  ];
}
