// What several pages are made of: tables, dialogs, and the states in which there is nothing to show.

import { el } from "./dom.js";
import { t, name } from "./text.js";
import { Refused, Unreachable } from "./api.js";

/** What to put into the configuration file for administration. */
export const ADMIN_LINES = '"admin": {\n    "user": "ops",\n    "password": "…"\n}';

/** A page's heading, with buttons at its side. */
export function heading(title, ...tools) {
  return el("div", { class: "heading" }, el("h1", { tabindex: "-1" }, title), el("div", { class: "tools" }, tools));
}

export function button(label, onclick, kind = "") {
  return el("button", { type: "button", class: kind, onclick }, label);
}

/** A labelled field of a form. */
export function field(label, input, hint) {
  return el("label", { class: "field" }, el("span", {}, label), input, hint ? el("small", {}, hint) : null);
}

/**
 * A table with columns of {label, cell, and number, long or fixed}: `cell` makes the content for a row; what is long may break
 * anywhere, what is fixed nowhere. On a narrow screen each row is a card; the roles are said, as a table that is not laid out as one
 * loses them.
 */
export function table(caption, columns, rows) {
  return el(
    "table",
    { role: "table" },
    el("caption", {}, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) => el("th", { role: "columnheader", scope: "col", class: kind(column) }, column.label)))),
    el(
      "tbody",
      { role: "rowgroup" },
      rows.map((row) =>
        el(
          "tr",
          { role: "row" },
          columns.map((column) => el("td", { role: "cell", "data-label": column.label, class: kind(column) }, el("div", {}, column.cell(row)))),
        ),
      ),
    ),
  );
}

function kind(column) {
  return ["number", "long", "fixed"].find((each) => column[each]) ?? null;
}

export function loading() {
  return el("p", { class: "quiet", "aria-busy": "true" }, t("loading"));
}

export function empty(text) {
  return el("p", { class: "empty" }, text);
}

/** Says what went wrong and what to do; `again` tries once more. Where the server was not reached, `retry` does. */
export function failure(error, again) {
  if (!(error instanceof Refused) && !(error instanceof Unreachable)) {
    throw error;
  }
  if (error instanceof Refused && error.name === "ADMIN_OFF") {
    return adminOff(error.message);
  }
  const unreachable = error instanceof Unreachable;
  const text = unreachable ? t("unreachable") : `${error.message} (${error.status} ${error.name})`;
  return el("div", { class: "alert", role: "alert", "data-unreachable": unreachable }, el("p", {}, text), again ? button(t("again"), again) : null);
}

/** Tries once more, wherever in this place the server was not reached. */
export function retry(place) {
  place.querySelectorAll("[data-unreachable] button").forEach((each) => each.click());
}

/** Administration is not configured: how it is. */
export function adminOff(message) {
  return el(
    "div",
    { class: "alert", role: "alert" },
    el("p", {}, el("strong", {}, t("off.title"))),
    el("p", {}, t("off.text")),
    el("pre", { tabindex: "0", role: "region", "aria-label": t("off.lines") }, ADMIN_LINES),
    message ? el("p", { class: "quiet" }, message) : null,
  );
}

/** Fills `place` with what `load` brings: first that it is loading, then the content or the failure. */
export async function into(place, signal, load) {
  if (place.childElementCount === 0) {
    place.replaceChildren(loading());
  }
  try {
    const content = await load();
    if (!signal.aborted) {
      place.replaceChildren(...[content].flat());
    }
  } catch (e) {
    if (!signal.aborted && e.name !== "AbortError") {
      place.replaceChildren(failure(e, () => into(place, signal, load)));
    }
  }
}

const REFRESH_MS = 5000;

/** Shows it anew every few seconds, until the signal: not while it is hidden, nor under the hands of somebody who reads or presses. */
export function refreshing(list, signal, show) {
  const timer = setInterval(() => {
    const busy = list.contains(document.activeElement) || !document.getSelection().isCollapsed || document.querySelector("dialog");
    // who is not reached is asked again when it is back
    if (!document.hidden && !busy && !list.querySelector("[data-unreachable=true]")) {
      show();
    }
  }, REFRESH_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** Who has which numbers of a rule or counter; nothing where that is not known. */
export function allocation(value) {
  return value ? el("span", { class: value === "interleaved" ? "badge" : "badge told" }, name("allocation", value)) : "–";
}

/** Opens a dialog with this title; `build` is given its body and a function that closes it. Focus returns to where it was. */
export function dialog(title, build) {
  const body = el("div", { class: "dialog-body" });
  const node = el("dialog", { "aria-labelledby": "dialog-title" }, el("h2", { id: "dialog-title" }, title), body);
  node.addEventListener("close", () => node.remove());
  build(body, () => node.close());
  document.body.append(node);
  node.showModal();
}

let fading = 0;

/** Says for a few seconds that something was done. */
export function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (place.textContent = ""), 8000);
}

/** A unified difference, line by line; signs say it as well as colours. */
export function difference(text, label) {
  const kinds = { "+": "added", "-": "removed", "@": "place" };
  return el(
    "pre",
    { class: "difference", tabindex: "0", role: "region", "aria-label": label },
    text.split("\n").map((line) => el("span", { class: /^(\+\+\+|---)/.test(line) ? "place" : (kinds[line[0]] ?? null) }, line + "\n")),
  );
}
