// The language that the page speaks now: the reader's choice, else the browser's.

import { recall, remember } from "./storage.js";
import { words } from "./words.js";

const listeners = [];
let current = recall("language");
if (!Object.hasOwn(words, current)) {
  current = /^pt\b/i.test(navigator.language) ? "pt" : "en";
}

// A browser's own locale knows more than the language alone: how a Canadian writes a date.
export function locale() {
  return navigator.language.startsWith(current) ? navigator.language : current;
}

export function say(word, n) {
  const text = words[current][word];
  if (n === undefined) {
    return text;
  }
  const form = text[new Intl.PluralRules(locale()).select(n)] ?? text.other;
  return form.replace("{n}", new Intl.NumberFormat(locale()).format(n));
}

// Calls `speak` now and whenever the language changes.
export function whenSpoken(speak) {
  listeners.push(speak);
  speak();
}

function apply() {
  document.documentElement.lang = current;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = say(element.dataset.word);
  }
  for (const speak of listeners) {
    speak();
  }
}

// The button offers the other language, in that language.
export function setUpLanguage(button) {
  const other = () => (current === "en" ? "pt" : "en");
  whenSpoken(() => {
    button.textContent = words[other()].language;
    button.lang = other();
  });
  button.addEventListener("click", () => {
    current = other();
    remember("language", current);
    apply();
  });
  apply();
}
