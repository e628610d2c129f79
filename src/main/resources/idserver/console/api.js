// Requests to the server. Addresses are relative to the page, so that it can live behind a proxy's prefix.

const ROOT = new URL("../", import.meta.url);
const KEY = "session";

/** The server refused: its status, its stable name for the reason, and its message. */
export class Refused extends Error {
  constructor(status, name, message) {
    super(message);
    this.status = status;
    this.name = name;
  }
}

/** No answer came, or none of the server's: of a proxy before it, or of a container that starts. */
export class Unreachable extends Error {}

/** Tells when somebody has logged in or out, or was logged out by the server. */
export const session = new EventTarget();

let held = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function hold(next, reason) {
  held = next;
  try {
    if (next) {
      sessionStorage.setItem(KEY, JSON.stringify(next));
    } else {
      sessionStorage.removeItem(KEY);
    }
  } catch {
    // storage is forbidden: until the page is closed
  }
  session.dispatchEvent(new CustomEvent("change", { detail: reason }));
}

/** Who is logged in, or null. */
export function user() {
  return held?.user ?? null;
}

/** Logs in; throws Refused when the server does not know the two. */
export async function logIn(name, password) {
  const bytes = new TextEncoder().encode(`${name}:${password}`);
  const authorization = "Basic " + btoa(String.fromCharCode(...bytes));
  const answer = await send("admin/session", { headers: { Authorization: authorization } });
  hold({ user: answer.user ?? name, authorization });
}

export function logOut() {
  hold(null, "left");
}

/** An address below the server's root, with the query's members that are not empty. */
export function address(path, query = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") {
      url.searchParams.set(name, value);
    }
  }
  return url;
}

export function get(path, query, signal) {
  return asked(address(path, query), { signal, headers: {} });
}

export function post(path, body, signal) {
  return asked(path, { method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function asked(path, options) {
  if (held) {
    options.headers.Authorization = held.authorization;
  }
  try {
    return await send(path, options);
  } catch (e) {
    if (e instanceof Refused && e.status === 401 && held) {
      hold(null, "expired");
    }
    throw e;
  }
}

async function send(path, options) {
  let answer;
  try {
    // no cookies and no dialog of the browser's: the console has a form of its own
    answer = await fetch(new URL(path, ROOT), { credentials: "omit", cache: "no-store", ...options });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Unreachable(e.message);
  }
  const body = await answer.json().catch(() => null);
  if (body === null) {
    throw new Unreachable(`HTTP ${answer.status}`);
  }
  if (!answer.ok) {
    throw new Refused(answer.status, body.error ?? `HTTP_${answer.status}`, body.message ?? answer.statusText);
  }
  return body;
}
