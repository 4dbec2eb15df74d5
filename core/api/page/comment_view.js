// One comment as an element. What readers wrote becomes text, never markup.

import { locale, say } from "./language.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// "3 minutes ago" for a day, then the date.
function when(time) {
  const age = Date.now() - time;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  if (age < minute) {
    return relative.format(0, "second");
  }
  if (age < hour) {
    return relative.format(-Math.floor(age / minute), "minute");
  }
  if (age < day) {
    return relative.format(-Math.floor(age / hour), "hour");
  }
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(time);
}

// What depends on the hour and on the language.
export function refreshComment(item) {
  const time = item.querySelector("time");
  const moment = new Date(time.dateTime);
  time.textContent = when(moment);
  time.title = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "medium" })
    .format(moment);
  const author = item.querySelector(".author");
  if (author.dataset.hidden) {
    author.textContent = say("someone");
  }
}

export function commentItem({ id, email, comment, created_at: createdAt }) {
  const item = element("li", "comment");
  item.dataset.id = id;
  item.value = id;
  item.tabIndex = -1;

  const byline = element("p", "byline");
  const author = element("bdi", "author", email ?? "");
  if (!email) { // the service hides addresses
    author.dataset.hidden = "yes";
  }
  const time = element("time", "time");
  time.dateTime = createdAt;
  byline.append(author, " ", time);

  const text = element("p", "text", comment);
  text.dir = "auto";
  item.append(byline, text);
  refreshComment(item);
  return item;
}
