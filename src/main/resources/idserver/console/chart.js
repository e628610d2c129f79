// A line chart of the last minutes. By pointer or arrow keys it tells the figures of one moment.

import { el, svg, say } from "./dom.js";
import { t, clock } from "./text.js";
import { WINDOW } from "./live.js";

const WIDTH = 600;
const HEIGHT = 150;
/** Samples come each second; where one is missing for longer, the line has a gap. */
const GAP = 3500;

/** The next 1, 2 or 5 with zeros, so that the scale seldom changes. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= value);
}

/**
 * A chart with a title and lines of {name, key, format}; `scale` writes a value at the axis. The node, and a function that draws
 * samples.
 */
export function chart(title, lines, scale) {
  const paths = lines.map((line, i) => svg("path", { class: `line line-${i}`, "vector-effect": "non-scaling-stroke" }));
  const cursor = svg("line", { class: "cursor", y1: 0, y2: HEIGHT, "vector-effect": "non-scaling-stroke" });
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    [0, HEIGHT / 2, HEIGHT].map((y) => svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y, y2: y, "vector-effect": "non-scaling-stroke" })),
    paths,
    cursor,
  );
  const marks = [0, 1, 2].map(() => el("span"));
  const values = lines.map(() => el("b"));
  const moment = el("span", { class: "moment" }, t("chart.now"));
  const plot = el(
    "div",
    { class: "plot", tabindex: "0", role: "slider", "aria-label": title, "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0" },
    picture,
  );
  const node = el(
    "figure",
    { class: "chart" },
    el("figcaption", {}, el("h2", {}, title), moment),
    el(
      "ul",
      { class: "legend" },
      lines.map((line, i) => el("li", {}, el("i", { class: `key key-${i}` }), line.name, " ", values[i])),
    ),
    el("div", { class: "frame" }, el("div", { class: "marks", "aria-hidden": "true" }, marks), plot),
    el("div", { class: "span", "aria-hidden": "true" }, el("span", {}, t("chart.ago", { minutes: WINDOW / 60_000 })), el("span", {}, t("chart.now"))),
  );
  let samples = [];
  let chosen = null;

  const x = (sample) => WIDTH * (1 - (samples.at(-1).time - sample.time) / WINDOW);

  function draw(next = samples) {
    samples = next;
    if (samples.length === 0) {
      return;
    }
    const top = ceiling(Math.max(...samples.flatMap((sample) => lines.map((line) => sample[line.key] ?? 0))));
    lines.forEach((line, i) => paths[i].setAttribute("d", path(line.key, top)));
    [top, top / 2, 0].forEach((value, i) => say(marks[i], scale(value)));
    tell();
  }

  function path(key, top) {
    let text = "";
    let before = null;
    for (const sample of samples) {
      const value = sample[key];
      if (value === null || value === undefined) {
        before = null;
        continue;
      }
      const pen = before !== null && sample.time - before <= GAP ? "L" : "M";
      text += `${pen}${x(sample).toFixed(1)} ${(HEIGHT * (1 - value / top)).toFixed(1)}`;
      before = sample.time;
    }
    return text;
  }

  function tell() {
    if (chosen !== null && !samples.includes(chosen)) {
      chosen = null;
    }
    const shown = chosen ?? samples.at(-1);
    lines.forEach((line, i) => say(values[i], line.format(shown[line.key])));
    say(moment, chosen ? clock(chosen.time) : t("chart.now"));
    cursor.setAttribute("visibility", chosen ? "visible" : "hidden");
    if (chosen) {
      cursor.setAttribute("x1", x(chosen));
      cursor.setAttribute("x2", x(chosen));
    }
    plot.setAttribute("aria-valuemax", samples.length - 1);
    plot.setAttribute("aria-valuenow", samples.indexOf(shown));
    // told while nobody listens or when a key asks for it, and not each second
    if (chosen || document.activeElement !== plot) {
      const figures = lines.map((line) => `${line.name} ${line.format(shown[line.key])}`).join(", ");
      plot.setAttribute("aria-valuetext", `${clock(shown.time)}: ${figures}`);
    }
  }

  function choose(sample) {
    chosen = sample;
    if (samples.length > 0) {
      tell();
    }
  }

  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const at = (samples.at(-1)?.time ?? 0) - WINDOW * (1 - (event.clientX - box.left) / box.width);
    const near = samples.reduce((best, each) => (Math.abs(each.time - at) < Math.abs(best.time - at) ? each : best), samples[0]);
    choose(near ?? null);
  });
  plot.addEventListener("pointerleave", () => choose(null));
  plot.addEventListener("blur", () => choose(null));
  plot.addEventListener("keydown", (event) => {
    const here = chosen === null ? samples.length - 1 : samples.indexOf(chosen);
    const step = event.shiftKey ? 10 : 1;
    const there = { ArrowLeft: here - step, ArrowRight: here + step, Home: 0, End: samples.length - 1 }[event.key];
    if (event.key === "Escape") {
      choose(null);
    } else if (there !== undefined) {
      event.preventDefault();
      choose(samples[Math.min(samples.length - 1, Math.max(0, there))] ?? null);
    }
  });
  return { node, draw };
}
