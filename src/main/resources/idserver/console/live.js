// The live figures: one stream of events for the whole page, none while nobody looks.

import { address } from "./api.js";

/** How much is kept for the charts, in milliseconds. */
export const WINDOW = 5 * 60 * 1000;

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
/** A stream that says nothing for so long is dead, whatever the network believes. */
const SILENCE = 6000;

/** Events: `sample` with the newest figures, `state` when the connection comes or goes. */
export const live = new EventTarget();

/** What has come within the window, oldest first. */
export const samples = [];

/** "connecting", "open" or "lost". */
export let state = "connecting";

let source = null;
let retry = 0;
let watchdog = 0;
let pause = FIRST_PAUSE;

export function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("online", open);
  open();
}

function open() {
  close();
  if (document.hidden) {
    return;
  }
  source = new EventSource(address("status/live"));
  source.onmessage = (event) => receive(JSON.parse(event.data));
  source.onerror = lost;
  watchdog = setTimeout(lost, SILENCE);
}

function close() {
  clearTimeout(retry);
  clearTimeout(watchdog);
  source?.close();
  source = null;
}

function lost() {
  close();
  become("lost");
  retry = setTimeout(open, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

function receive(sample) {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, SILENCE);
  pause = FIRST_PAUSE;
  sample.time = Date.parse(sample.at);
  // a server whose clock was set back begins a new picture
  if (samples.length > 0 && samples.at(-1).time > sample.time) {
    samples.length = 0;
  }
  samples.push(sample);
  while (samples[0].time < sample.time - WINDOW) {
    samples.shift();
  }
  become("open");
  live.dispatchEvent(new CustomEvent("sample", { detail: sample }));
}

function become(next) {
  if (state !== next) {
    state = next;
    live.dispatchEvent(new Event("state"));
  }
}
