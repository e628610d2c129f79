// The rule lab: what a rule makes of a chosen time, namespace, salt and number. No counter is touched.

import { el } from "./dom.js";
import { t, name, period, number } from "./text.js";
import { post } from "./api.js";
import { button, field, table, failure, loading } from "./parts.js";

/** Texts that were changed here and are nowhere else, by rule: kept while the page is open. */
const drafts = new Map();

export function lab(place, signal, rules, rule, scroll) {
  const input = (name, more = {}) => el("input", { name, autocapitalize: "none", autocomplete: "off", spellcheck: "false", ...more });
  const choice = el("select", { name: "rule", onchange: () => (location.hash = `#/rules/${encodeURIComponent(choice.value)}`) }, rules.map((each) => el("option", { selected: each === rule }, each.name)));
  const at = input("at", { type: "datetime-local", step: "1" });
  const app = input("app");
  const salt = input("salt", { maxlength: "64" });
  const chosen = input("number", { inputmode: "numeric", pattern: "[0-9]{1,19}" });
  const source = rule.text === null || rule.text === undefined ? null : editor(rule);
  const outcome = el("div", { class: "outcome" });
  const submit = el("button", { class: "first" }, t("lab.try"));

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    outcome.replaceChildren(loading());
    const request = { rule: rule.name };
    for (const [name, value] of Object.entries({ at: at.value, app: app.value, salt: salt.value, number: chosen.value })) {
      if (value !== "") {
        request[name] = value;
      }
    }
    if (source?.changed()) {
      request.text = source.text();
    }
    try {
      outcome.replaceChildren(...verdict(await post("admin/rules/try", request, signal)));
    } catch (e) {
      if (e.name !== "AbortError") {
        outcome.replaceChildren(failure(e));
      }
    }
    submit.disabled = false;
  }

  const form = el(
    "form",
    { class: "lab", onsubmit: send },
    el(
      "div",
      { class: "inputs" },
      field(t("counter.rule"), choice),
      source ? [
        field(t("lab.at"), at, t("lab.at.hint")),
        field(t("counter.app"), app),
        field(t("lab.salt"), salt),
        field(t("lab.number"), chosen, t("lab.number.hint")),
        submit,
      ] : null,
    ),
    source ? source.node : el("p", { class: "empty" }, t("lab.no_text")),
  );
  const section = el("section", { class: "panel laboratory", "aria-labelledby": "lab" }, el("h2", { id: "lab" }, t("lab")), el("p", { class: "quiet" }, t("lab.text")), form, outcome);
  place.replaceChildren(section);
  if (scroll) {
    section.scrollIntoView({ block: "start" });
  }
}

/** The rule's text with its lines counted, as faults name lines; Ctrl+Enter tries it. */
function editor(rule) {
  const lines = el("pre", { class: "lines", "aria-hidden": "true" });
  const area = el("textarea", { name: "text", spellcheck: "false", autocapitalize: "none", autocomplete: "off", wrap: "off" });
  const state = el("span", { class: "quiet", role: "status" });
  const back = button(t("lab.back"), () => {
    drafts.delete(rule.name);
    area.value = rule.text;
    draw();
  });
  const changed = () => area.value !== normal(rule.text);

  function draw() {
    const count = area.value.split("\n").length;
    lines.textContent = Array.from({ length: count }, (each, i) => i + 1).join("\n");
    area.rows = Math.min(Math.max(count, 8), 40);
    back.hidden = !changed();
    state.textContent = changed() ? t("lab.changed") : "";
  }

  area.value = drafts.get(rule.name) ?? rule.text;
  area.addEventListener("input", () => {
    if (changed()) {
      drafts.set(rule.name, area.value);
    } else {
      drafts.delete(rule.name);
    }
    draw();
  });
  area.addEventListener("scroll", () => (lines.scrollTop = area.scrollTop));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      area.form.requestSubmit();
    }
  });
  draw();
  const node = el(
    "div",
    { class: "source" },
    el("label", { class: "field" }, el("span", {}, t("lab.source", { file: rule.file ?? rule.name })), el("div", { class: "editor" }, lines, area)),
    el("div", { class: "tools" }, state, back),
  );
  return { node, changed, text: () => area.value };
}

/** A text area has its lines end with a line feed, whatever the file has. */
function normal(text) {
  return text.replace(/\r\n?/g, "\n");
}

function verdict(answer) {
  if (answer.fault) {
    return [el("div", { class: "alarm bad", role: "alert" }, el("strong", {}, t("lab.fault")), el("pre", {}, answer.fault))];
  }
  const lint =
    answer.lint.length === 0
      ? el("p", { class: "alarm good", role: "status" }, t("lab.lint.good"))
      : el("div", { class: "alarm bad", role: "alert" }, el("strong", {}, t("lab.lint.bad")), el("ul", {}, answer.lint.map((each) => el("li", {}, each))));
  const facts = [
    [t("counter.period"), period(answer.period)],
    [t("lab.range"), t("lab.range.of", { min: number(answer.min), max: number(answer.max) })],
    [t("lab.length"), lengths(answer.cases)],
  ];
  return [
    lint,
    el("dl", { class: "facts across" }, facts.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
    table(t("lab.cases"), columns(), answer.cases),
  ];
}

/** How long the ids are: one number, or from and to. */
function lengths(cases) {
  const all = cases.filter((each) => each.id).map((each) => [...each.id].length);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return all.length === 0 ? "–" : least === most ? number(most) : t("lab.range.of", { min: number(least), max: number(most) });
}

function columns() {
  return [
    { label: t("lab.case"), cell: (row) => name("case", row.case) },
    { label: t("lab.at"), fixed: true, cell: (row) => row.at.replace("T", " ") },
    { label: t("lab.number"), number: true, cell: (row) => number(row.number) },
    { label: t("server"), number: true, cell: (row) => number(row.node_offset) },
    { label: t("lab.id"), long: true, cell: (row) => (row.error ? el("span", { class: "bad-text" }, row.error) : el("code", { class: "id" }, row.id ?? "–")) },
  ];
}
