// The form in the place of a page for which one has to be logged in.

import { el } from "./dom.js";
import { t } from "./text.js";
import { logIn, Refused } from "./api.js";
import { heading, field, failure, ADMIN_LINES } from "./parts.js";

export function login(place) {
  const name = el("input", { name: "user", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true });
  const password = el("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const outcome = el("div", {});
  const submit = el("button", { class: "first" }, t("login.in"));

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    outcome.replaceChildren();
    try {
      await logIn(name.value, password.value);
    } catch (e) {
      const wrong = e instanceof Refused && e.status === 401;
      outcome.replaceChildren(wrong ? el("p", { class: "alert", role: "alert" }, t("login.wrong")) : failure(e));
      if (wrong) {
        password.select();
      }
    }
    submit.disabled = false;
  }

  place.replaceChildren(
    heading(t("login.title")),
    el("form", { class: "panel narrow", onsubmit: send }, el("p", {}, t("login.text")), field(t("login.user"), name), field(t("login.password"), password), outcome, submit),
    el(
      "details",
      { class: "narrow" },
      el("summary", {}, t("login.none")),
      el("p", {}, t("off.text")),
      el("pre", { tabindex: "0", role: "region", "aria-label": t("off.lines") }, ADMIN_LINES),
    ),
  );
}
