// The form that posts a comment. The draft stays until the service has stored it, and the same
// draft carries the same key, however often it is sent: it is stored once.

import { loadComment, post, Refusal } from "./api.js";
import { say, whenSpoken } from "./language.js";
import { recall, remember } from "./storage.js";

// As the API has them.
const maxCodePoints = 10_000;
const maxEmailBytes = 254;
const room = 500; // from here on it is told how many are left

const form = document.getElementById("composer");
const fields = form.querySelector("fieldset");
const { comment, email } = form.elements;
const rememberBox = document.getElementById("remember");

const lengthOf = (text) => [...text].length;

function isEmail(text) {
  return /^[^@\s]+@[^@\s]+$/u.test(text) &&
    new TextEncoder().encode(text).length <= maxEmailBytes;
}

// The field that cannot be sent as it is, and why; null where all is well.
function fault() {
  if (comment.value.trim() === "") {
    return { field: comment, words: () => say("blank") };
  }
  if (lengthOf(comment.value) > maxCodePoints) {
    return { field: comment, words: () => say("too_long", maxCodePoints) };
  }
  return isEmail(email.value) ? null : { field: email, words: () => say("bad_email") };
}

// Not crypto.randomUUID(): that one is missing where a page came without TLS.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function wordsOf(error) {
  if (!(error instanceof Refusal)) {
    return () => say("no_connection");
  }
  const word = error.status < 500 && !error.isTemporary ? "refused" : "failed";
  return () => say(word) + error.message;
}

// Calls onPosted with the reader's own comment.
export function setUpComposer(thread, onPosted) {
  const status = document.getElementById("composer-status");
  let words = () => "";
  let sent = { text: "", key: "" };

  function tell(next, kind = "") {
    words = next;
    status.textContent = words();
    status.className = kind;
  }

  function showRoom() {
    const left = maxCodePoints - lengthOf(comment.value);
    const hint = document.getElementById("room");
    hint.textContent = left < 0 ? say("excess", -left) : left <= room ? say("room", left) : "";
    hint.classList.toggle("excess", left < 0);
  }

  function keyFor(draft) {
    const text = JSON.stringify(draft);
    if (sent.text !== text) {
      sent = { text, key: newKey() };
    }
    return sent.key;
  }

  async function send() {
    const draft = { content_id: thread, email: email.value, comment: comment.value };
    tell(() => say("sending"));
    const place = await post(draft, keyFor(draft), (wait) =>
      tell(() => say("busy", Math.max(1, Math.round(wait / 1_000)))));
    sent = { text: "", key: "" }; // the same words once more are another comment
    comment.value = "";
    showRoom();
    tell(() => say("sent"), "good");
    // Where this fails, nothing is lost: the comment also comes with all others.
    loadComment(place).then(onPosted, () => {});
  }

  async function submit(event) {
    event.preventDefault();
    const found = fault();
    for (const field of [comment, email]) {
      field.setAttribute("aria-invalid", field === found?.field);
    }
    if (found) {
      tell(found.words, "bad");
      found.field.focus();
      return;
    }
    remember("email", rememberBox.checked ? email.value : null);
    const focused = document.activeElement;
    fields.disabled = true;
    try {
      await send();
    } catch (error) {
      tell(wordsOf(error), "bad");
    } finally {
      fields.disabled = false;
      focused?.focus({ preventScroll: true });
    }
  }

  email.value = recall("email") ?? "";
  rememberBox.checked = email.value !== "";
  rememberBox.addEventListener("change", () => {
    if (!rememberBox.checked) {
      remember("email", null);
    }
  });
  comment.addEventListener("input", showRoom);
  form.addEventListener("submit", submit);
  whenSpoken(() => {
    status.textContent = words();
    showRoom();
  });
}
