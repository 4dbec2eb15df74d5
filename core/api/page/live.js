// Following a thread: an EventSource that does not give up, and says how it is.

// What the stream itself says with `retry:`. It also holds where no stream has come about.
const retryTime = 1_000;
const longestRetryTime = 16_000;
const hiddenAtMost = 30_000;

// Calls onComment with every comment after last(), and onState with "connecting", "live",
// "reconnecting" or "offline" when that changes. A comment may come twice: after an interruption
// the stream begins again behind last(). A tab that nobody sees holds no connection.
export function follow({ url, last, onComment, onState }) {
  let source = null;
  let failures = 0;
  let timer = 0;
  let state = "";

  function become(next) {
    if (next !== state) {
      state = next;
      onState(state);
    }
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function interrupted() {
    become(navigator.onLine ? "reconnecting" : "offline");
    if (source.readyState !== EventSource.CLOSED) {
      return; // it comes again by itself
    }
    if (document.hidden) {
      close();
      return;
    }
    // Twice as long each time, and not all readers at once.
    const pause = Math.min(retryTime * 2 ** failures, longestRetryTime) * (1 + Math.random() / 2);
    failures += 1;
    close();
    timer = setTimeout(open, pause);
  }

  function open() {
    close();
    become(state === "" ? "connecting" : "reconnecting");
    source = new EventSource(url(last()));
    source.addEventListener("open", () => {
      failures = 0;
      become("live");
    });
    source.addEventListener("error", interrupted);
    source.addEventListener("comment", (event) => onComment(JSON.parse(event.data)));
  }

  function attend() {
    if (document.hidden) {
      clearTimeout(timer);
      timer = setTimeout(close, hiddenAtMost);
    } else if (source === null) {
      open();
    } else {
      clearTimeout(timer);
    }
  }

  // After these, a connection may look open and be dead.
  addEventListener("online", open);
  addEventListener("pageshow", (event) => event.persisted && open());
  addEventListener("offline", () => become("offline"));
  document.addEventListener("visibilitychange", attend);
  open();
  attend();
}
