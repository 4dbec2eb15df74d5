// The thread as the reader sees it, the newest comment first. What comes while the top is out of
// sight waits behind a button, so that nothing moves under the reader's eyes.

import { commentItem, refreshComment } from "./comment_view.js";
import { say, whenSpoken } from "./language.js";
import { Thread } from "./thread.js";

const refreshEvery = 30_000;

export class ThreadView {
  #thread = new Thread();
  #waiting = [];
  #loaded = false;
  #list = document.getElementById("thread");
  #news = document.getElementById("news");
  #top = document.getElementById("top");
  #observer = new IntersectionObserver((entries) => {
    if (entries.at(-1).isIntersecting) {
      this.#showWaiting();
    }
  }, { rootMargin: "0px 0px 1000000px 0px" }); // or below the window: nobody is disturbed there

  constructor() {
    this.#news.addEventListener("click", () => {
      this.#showWaiting();
      this.#top.scrollIntoView({ block: "center" });
      this.#list.firstElementChild?.focus({ preventScroll: true });
    });
    whenSpoken(() => this.#refresh());
    setInterval(() => this.#refresh(), refreshEvery);
  }

  // The comment after which to follow.
  get last() {
    return this.#thread.last;
  }

  begin({ comments, total }) {
    this.#thread.begin(total);
    this.#loaded = true;
    this.addOlder(comments);
  }

  // Returns the first of the new elements, where there is any.
  addOlder(comments) {
    const items = comments.map((comment) => this.#learn(comment) && this.#insert(comment));
    this.#describe();
    return items.find(Boolean);
  }

  // One that has just been written.
  addNew(comment) {
    if (this.#learn(comment)) {
      this.#waiting.push(comment);
      if (this.#isScrolledAway()) {
        this.#awaitTop();
        this.#describe();
      } else {
        this.#showWaiting();
      }
    }
  }

  // The reader's own is shown at once, and with it what else waits.
  addOwn(comment) {
    this.addNew(comment);
    this.#showWaiting();
  }

  // Begun afresh, because an observer tells only what differs between two frames that it saw: who
  // went away and came back between two would wait for ever.
  #awaitTop() {
    this.#observer.unobserve(this.#top);
    this.#observer.observe(this.#top);
  }

  // Asked of the layout itself: an observer tells a moment later, when it would be too late.
  #isScrolledAway() {
    return this.#top.getBoundingClientRect().bottom < 0;
  }

  #learn(comment) {
    return this.#thread.learn(comment.id);
  }

  #insert(comment) {
    const item = commentItem(comment);
    this.#list.insertBefore(item, this.#list.children[this.#thread.place(comment.id)] ?? null);
    return item;
  }

  #showWaiting() {
    for (const comment of this.#waiting.splice(0)) {
      this.#insert(comment).classList.add("fresh");
    }
    this.#describe();
  }

  #describe() {
    const { total } = this.#thread;
    document.getElementById("count").textContent = this.#loaded ? say("count", total) : "";
    document.getElementById("empty").hidden = !this.#loaded || total > 0;
    this.#news.hidden = this.#waiting.length === 0;
    this.#news.textContent = say("news", this.#waiting.length);
  }

  #refresh() {
    for (const item of this.#list.children) {
      refreshComment(item);
    }
    this.#describe();
  }
}
