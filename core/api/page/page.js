// The page: which thread, its newest comments, what is older, and what comes.

import { canBeNamed, loadPage, newestUrl, pause, Refusal, streamUrl } from "./api.js";
import { setUpComposer } from "./composer.js";
import { say, setUpLanguage, whenSpoken } from "./language.js";
import { follow } from "./live.js";
import { ThreadView } from "./thread_view.js";

const firstPause = 1_000;
const longestPause = 16_000;

const thread = new URLSearchParams(location.search).get("content_id") || "1";
const olderButton = document.getElementById("older");
const view = new ThreadView();

let live = () => say("connecting");
let trouble = () => "";

function show() {
  document.title = `${say("title")} · ${thread}`;
  document.getElementById("live").textContent = live();
  document.getElementById("thread-status").textContent = trouble();
}

function become(state) {
  live = () => say(state);
  document.getElementById("live").dataset.state = state;
  show();
}

function tell(words) {
  trouble = words;
  show();
}

let olderUrl = null;

function setOlder(url) {
  olderUrl = url;
  olderButton.hidden = url === null;
}

async function loadOlder() {
  olderButton.disabled = true;
  try {
    const page = await loadPage(olderUrl);
    const first = view.addOlder(page.comments);
    setOlder(page.next);
    tell(() => "");
    first?.focus({ preventScroll: true });
  } catch {
    tell(() => say("older_failed"));
  } finally {
    olderButton.disabled = false;
  }
}

// The newest comments, however long it takes; what the service refuses, it would refuse again.
async function loadNewest() {
  for (let wait = firstPause; ; wait = Math.min(2 * wait, longestPause)) {
    try {
      return await loadPage(newestUrl(thread));
    } catch (error) {
      const refused = error instanceof Refusal && error.status < 500 && !error.isTemporary;
      if (refused) {
        throw error;
      }
      become(navigator.onLine ? "reconnecting" : "offline");
      tell(() => say("loading_failed"));
      await pause(Math.max(wait, error.retryAfter ?? 0));
    }
  }
}

function stop(words) {
  document.getElementById("composer").hidden = true;
  become("stopped");
  tell(words);
}

async function start() {
  if (!canBeNamed(thread)) {
    stop(() => say("bad_name"));
    return;
  }
  setUpComposer(thread, (comment) => view.addOwn(comment));
  try {
    const page = await loadNewest();
    view.begin(page);
    setOlder(page.next);
    tell(() => "");
  } catch (error) {
    stop(() => say("refused") + error.message);
    return;
  }
  follow({
    url: (after) => streamUrl(thread, after),
    last: () => view.last,
    onComment: (comment) => view.addNew(comment),
    onState: become,
  });
}

document.getElementById("thread-name").textContent = thread;
document.getElementById("open").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = document.getElementById("content_id").value;
  if (name !== "") {
    location.search = new URLSearchParams({ content_id: name });
  }
});
olderButton.addEventListener("click", loadOlder);
setUpLanguage(document.getElementById("language"));
whenSpoken(show);
start();
