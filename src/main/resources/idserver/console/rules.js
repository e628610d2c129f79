// The rules that are served: their source, version and time; reload with the difference first, and back to the version before.

import { el } from "./dom.js";
import { t, name, period, number, time } from "./text.js";
import { get, post, Refused } from "./api.js";
import { heading, button, table, empty, into, allocation, dialog, difference, failure, loading, notice } from "./parts.js";
import { lab } from "./lab.js";

export function rules(place, signal, [chosen]) {
  const tools = el("div", { class: "tools" });
  const book = el("div", { class: "list" });
  const trial = el("div", {});
  let first = true;

  place.replaceChildren(heading(t("nav.rules"), tools), book, trial);

  function show() {
    return into(book, signal, async () => {
      const answer = await get("admin/rules", {}, signal);
      tools.replaceChildren(
        ...[
          answer.can_roll_back ? button(t("rollback"), () => rollBack(answer.version, show)) : null,
          button(t("reload"), () => reload(show), "first"),
        ].filter(Boolean),
      );
      const rule = answer.rules.find((each) => each.name === chosen) ?? answer.rules[0];
      if (rule) {
        lab(trial, signal, answer.rules, rule, first && chosen !== undefined);
        first = false;
      } else {
        trial.replaceChildren();
      }
      return [
        el("p", { class: "lead" }, t("rules.version", { version: number(answer.version), time: time(answer.loaded_at) })),
        answer.rules.length === 0 ? empty(t("rules.none")) : table(t("nav.rules"), columns(rule), answer.rules),
      ];
    });
  }

  show();
}

function columns(chosen) {
  return [
    { label: t("counter.rule"), cell: (row) => el("a", { href: `#/rules/${encodeURIComponent(row.name)}`, "aria-current": row === chosen ? "true" : null }, row.name) },
    { label: t("rules.type"), cell: (row) => (row.layout ? t("rules.layout", { type: name("rules.type", row.type), layout: row.layout }) : name("rules.type", row.type)) },
    { label: t("rules.file"), long: true, cell: (row) => (row.file ? el("code", {}, row.file) : "–") },
    { label: t("counter.period"), cell: (row) => [period(row.period), row.time_zone ? el("small", {}, t("rules.time_zone", { zone: row.time_zone })) : null] },
    { label: t("rules.min"), number: true, cell: (row) => number(row.min) },
    { label: t("rules.max"), number: true, cell: (row) => number(row.max) },
    { label: t("rules.allocation"), cell: (row) => [allocation(row.allocation), row.confirm_seconds ? el("small", {}, t("rules.confirm_seconds", { seconds: number(row.confirm_seconds) })) : null] },
    { label: t("rules.batch_save"), number: true, cell: (row) => (row.allocation === "gap_free" ? el("a", { href: `#/held/${encodeURIComponent(row.name)}`, "aria-label": t("rules.held.of", { rule: row.name }) }, t("counter.held")) : number(row.batch_save)) },
  ];
}

/** Shows what the files would change, and reloads when that is confirmed. */
function reload(changed) {
  dialog(t("reload.title"), (body, close) => {
    async function look(before) {
      body.replaceChildren(loading());
      try {
        const pending = await get("admin/rules/pending");
        const taken = pending.faults.length === 0;
        const confirm = button(t(pending.changes.length > 0 ? "reload.confirm" : "reload.anyway"), () => send(pending.version), "first");
        confirm.disabled = !taken;
        body.replaceChildren(
          ...[
            before ? el("p", { class: "alarm warn", role: "alert" }, before) : null,
            faults(pending.faults),
            el("p", {}, t(pending.changes.length > 0 ? "reload.text" : "reload.nothing", { version: number(pending.version) })),
            pending.changes.map((change) => el("section", {}, el("h3", {}, change.name, " ", el("span", { class: "badge" }, name("change", change.change))), change.difference ? difference(change.difference, t("reload.difference", { name: change.name })) : null)),
            actions(close, confirm),
          ]
            .flat()
            .filter(Boolean),
        );
        (taken ? confirm : body.querySelector("button")).focus();
      } catch (e) {
        failed(body, close, e, look);
      }
    }

    function send(version) {
      return change(body, close, "admin/rules/reload", version, changed, look);
    }

    look();
  });
}

function rollBack(version, changed) {
  dialog(t("rollback.title"), (body, close) => {
    const confirm = button(t("rollback.confirm"), () => change(body, close, "admin/rules/rollback", version, changed, () => changedMeanwhile()), "danger");
    const changedMeanwhile = () => body.replaceChildren(el("p", { class: "alarm warn", role: "alert" }, t("reload.meanwhile")), actions(() => {
      close();
      changed();
    }));
    body.append(el("p", {}, t("rollback.text", { version: number(version) })), actions(close, confirm));
  });
}

/** Reloads or goes back; what the dialog says next depends on the outcome. */
async function change(body, close, path, version, changed, again) {
  body.querySelectorAll("button").forEach((each) => (each.disabled = true));
  try {
    const outcome = await post(path, { expected_version: version });
    if (outcome.succeeded) {
      close();
      notice(t("reload.done", { version: number(outcome.version) }));
      changed();
    } else {
      body.replaceChildren(el("p", { class: "alarm bad", role: "alert" }, outcome.message), faults(outcome.faults) ?? "", actions(close));
    }
  } catch (e) {
    if (e instanceof Refused && e.name === "VERSION_CHANGED") {
      again(t("reload.meanwhile"));
    } else {
      failed(body, close, e, () => change(body, close, path, version, changed, again));
    }
  }
}

function failed(body, close, error, again) {
  if (error instanceof Refused && error.status === 401) {
    close();
  } else {
    body.replaceChildren(failure(error, () => again()), actions(close));
  }
}

function faults(list) {
  return list.length === 0 ? null : el("div", { class: "alarm bad", role: "alert" }, el("strong", {}, t("reload.faults")), el("ul", {}, list.map((fault) => el("li", {}, fault))));
}

function actions(close, confirm) {
  return el("div", { class: "actions" }, button(t(confirm ? "cancel" : "close"), () => close()), confirm ?? null);
}
