// The service's API as this page uses it.

import { tab } from "./storage.js";

const pageSize = 50;
const patience = 20_000; // for an answer
const attempts = 5;
const longestPause = 30_000;
const defaultPause = 1_000;

const base = "/api/comment";
const encoded = encodeURIComponent;

// Browsers take "." and ".." in a path away, encoded or not.
export function canBeNamed(thread) {
  return thread !== "." && thread !== "..";
}

export function newestUrl(thread) {
  return `${base}/list/${encoded(thread)}?view=full&limit=${pageSize}&order=desc`;
}

export function streamUrl(thread, after) {
  return `${base}/stream/${encoded(thread)}?after=${after}`;
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// In milliseconds; the header has seconds, or a date.
function retryAfter(header) {
  const pause = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return pause >= 0 ? pause : defaultPause;
}

// What the service said when it did not do as asked, in its own words.
export class Refusal extends Error {
  constructor(answer, message) {
    super(message);
    this.status = answer.status;
    this.retryAfter = retryAfter(answer.headers.get("Retry-After") ?? "");
  }

  get isTemporary() {
    return this.status === 503 || this.status === 429;
  }
}

async function request(url, options) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(patience) });
  if (answer.ok) {
    return answer;
  }
  const text = await answer.text();
  let said = {};
  try {
    said = JSON.parse(text);
  } catch {
    // Not from the service: from something in front of it.
  }
  const refusal = new Refusal(answer, said.message ?? `${answer.status} ${answer.statusText}`);
  // Of a list: nobody has commented yet. Every other 404 has an id.
  refusal.isEmptyThread = said.status === "NOT-FOUND" && said.request_id === undefined;
  throw refusal;
}

// The URL of the link with rel="next" (RFC 8288), or null.
function nextOf(answer) {
  const link = /<([^>]*)>; rel="next"/.exec(answer.headers.get("Link") ?? "");
  return link && new URL(link[1], location.href).href;
}

// The reader's last own comment is where `tab` says, /api/comment/list/{thread}/{id}: no list of
// its thread may be without it, also after a reload, whichever instance answers, and whatever the
// browser has kept.
function notWithoutOwn(url) {
  const [, list, id] = /^(.*)\/(\d+)$/.exec(tab.recall("own") ?? "") ?? [];
  const path = new URL(url, location.href).pathname;
  return list && decodeURIComponent(path) === decodeURIComponent(list)
    ? { headers: { "X-Comments-Seen": id }, cache: "no-cache" }
    : {};
}

// A page of a list: {comments, total, next}. Throws a Refusal, or what fetch throws.
export async function loadPage(url) {
  try {
    const answer = await request(url, notWithoutOwn(url));
    return {
      comments: await answer.json(),
      total: Number(answer.headers.get("X-Total-Count")),
      next: nextOf(answer),
    };
  } catch (error) {
    if (error.isEmptyThread) {
      return { comments: [], total: 0, next: null };
    }
    throw error;
  }
}

// Posts the draft {content_id, email, comment}, again while the service is busy; onBusy hears for
// how many milliseconds it waits. Returns where the comment is, once it is stored.
export async function post(draft, key, onBusy) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await request(`${base}/new`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(draft),
      });
      const place = answer.headers.get("Location");
      tab.remember("own", place);
      return place;
    } catch (error) {
      if (!error.isTemporary || attempt === attempts || error.retryAfter > longestPause) {
        throw error;
      }
      onBusy(error.retryAfter);
      await pause(error.retryAfter);
    }
  }
}

export async function loadComment(url) {
  return (await request(url)).json();
}
