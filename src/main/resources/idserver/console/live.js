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

/** How far the clock of the server is ahead of the one here, in milliseconds. */
let ahead = 0;

let source = null;
let retry = 0;
let watchdog = 0;
let failures = 0;

/** The time of the server, in milliseconds since 1970: what it tells of times is by its clock. */
export function now() {
  return Date.now() + ahead;
}

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

/** The server ends a stream now and then, too: only when the next one does not come at once is the connection lost. */
function lost() {
  close();
  failures++;
  if (failures > 1) {
    become("lost");
  }
  retry = setTimeout(open, failures > 1 ? Math.min(FIRST_PAUSE * 2 ** (failures - 2), LONGEST_PAUSE) : 0);
}

function receive(sample) {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, SILENCE);
  failures = 0;
  sample.time = Date.parse(sample.at);
  ahead = sample.time - Date.now();
  if (sample.requests_per_second === 0) {
    // nobody was served, so nobody waited
    sample.latency_p50_us ||= null;
    sample.latency_p99_us ||= null;
  }
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
