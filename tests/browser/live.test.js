// A page that follows its thread: nothing is missed, nothing comes twice, nothing jumps.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { reader, shareChromium } from "./reader.js";
import { serve } from "./service.js";

shareChromium(after);

const many = (count) => Array.from({ length: count }, (_, i) => `comment ${i + 1}`);

test("what another client posts appears by itself", async (t) => {
  const service = await serve(t);
  await service.post("before");
  const ana = await reader(service);
  await ana.openLive();
  await service.post("goal!");
  await ana.waitForComments(["goal!", "before"]);
  assert.equal(await ana.text("count"), "2 comments");
});

test("across a restart the page misses nothing and shows nothing twice", async (t) => {
  const service = await serve(t);
  await service.postAll(["one", "two"]);
  const ana = await reader(service);
  await ana.openLive();
  await service.post("three");
  await ana.waitForComments(["three", "two", "one"]);
  await service.terminate();
  await ana.waitFor("live", "reconnecting …");
  await service.start();
  await service.postAll(["four", "five"]); // some of it before the page is back
  await ana.waitFor("live", "live");
  await service.post("six");
  await ana.waitForComments(["six", "five", "four", "three", "two", "one"]);
  assert.equal(await ana.text("count"), "6 comments");
  ana.expectFailedRequests();
});

test("what comes twice, or late, is shown once and in its place", async (t) => {
  const service = await serve(t);
  await service.postAll(["one", "two"]);
  const ana = await reader(service);
  await ana.page.route("**/api/comment/stream/**", async (route) => {
    await service.postAll(["three", "four", "five"]);
    const event = (comment) => `id: ${comment.id}\nevent: comment\ndata: ${
      JSON.stringify(comment)}\n\n`;
    const [one, two, three, four] = await service.list(); // not the fifth: it is still to come
    await route.fulfill({
      contentType: "text/event-stream",
      body: [four, two, three, four, one, three].map(event).join(""),
    });
  }, { times: 1 });
  await ana.open();
  await ana.waitForComments(["five", "four", "three", "two", "one"]);
  await service.post("six"); // after whatever else may have come
  await ana.waitForComments(["six", "five", "four", "three", "two", "one"]);
});

test("a stream that is refused for good is opened again", async (t) => {
  const service = await serve(t);
  await service.post("one");
  const ana = await reader(service);
  let refusals = 0;
  await ana.page.route("**/api/comment/stream/**", (route) => {
    refusals += 1;
    return route.fulfill({ status: 503, headers: { "Retry-After": "1" }, body: "" });
  }, { times: 2 });
  await ana.open();
  await ana.waitFor("live", "reconnecting …");
  await service.post("two"); // which only the stream can bring
  await ana.waitForComments(["two", "one"]);
  assert.equal(refusals, 2);
  assert.equal(await ana.text("live"), "live");
  ana.expectFailedRequests();
});

test("a page that is opened while the service is away shows the thread when it is back",
  async (t) => {
    const service = await serve(t);
    await service.post("one");
    const ana = await reader(service);
    await ana.page.route("**/api/comment/list/**", (route) => route.abort(), { times: 1 });
    await ana.open();
    await ana.waitFor("thread-status", /cannot be loaded now/);
    await ana.waitForComments(["one"]);
    assert.equal(await ana.text("thread-status"), "");
    ana.expectFailedRequests();
  });

test("a reader without a network is told so, and catches up", async (t) => {
  const service = await serve(t);
  await service.post("one");
  const ana = await reader(service);
  await ana.openLive();
  await ana.page.context().setOffline(true);
  await ana.waitFor("live", "offline");
  await service.post("two");
  await ana.page.context().setOffline(false);
  await ana.waitFor("live", "live");
  await ana.waitForComments(["two", "one"]);
  ana.expectFailedRequests();
});

test("who has scrolled away is not moved: what is new waits behind a button", async (t) => {
  const service = await serve(t);
  await service.postAll(many(40));
  const ana = await reader(service);
  await ana.openLive();
  const read = ana.page.locator('[data-id="10"]');
  await read.scrollIntoViewIfNeeded();
  const place = await read.boundingBox();
  await service.postAll(["new 1", "new 2", "new 3"]);
  await ana.waitFor("news", "3 new comments");
  assert.deepEqual(await read.boundingBox(), place);
  assert.equal((await ana.comments()).length, 40);
  assert.equal(await ana.text("count"), "43 comments");

  await ana.page.click("#news");
  assert.deepEqual((await ana.comments()).slice(0, 4), ["new 3", "new 2", "new 1", "comment 40"]);
  assert(await ana.page.isHidden("#news"));
  await ana.until(() => ana.page.locator('[data-id="43"]').isVisible(), "the newest in sight");
  await service.post("new 4"); // and now they come by themselves
  await ana.until(async () => (await ana.comments())[0] === "new 4", "what came then");
});

test("who scrolls back to the top finds what is new there", async (t) => {
  const service = await serve(t);
  await service.postAll(many(40));
  const ana = await reader(service);
  await ana.openLive();
  await ana.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await service.post("new");
  await ana.waitFor("news", "1 new comment");
  await ana.page.evaluate(() => scrollTo(0, 0));
  await ana.until(async () => (await ana.comments())[0] === "new", "the new one at the top");
  assert(await ana.page.isHidden("#news"));
});

// A busy machine may draw no frame for longer than this takes; here there is none by construction.
test("who was away for less than a frame finds what came meanwhile", async (t) => {
  const service = await serve(t);
  await service.postAll(many(40));
  const ana = await reader(service);
  await ana.page.addInitScript(() => {
    globalThis.EventSource = class extends EventSource {
      constructor(url) {
        super(url);
        this.addEventListener("comment", () => scrollTo(0, document.body.scrollHeight));
        queueMicrotask(() => this.addEventListener("comment", () => { // after the page's own
          globalThis.hasWaited = !document.getElementById("news").hidden;
          scrollTo(0, 0);
        }));
      }
    };
  });
  await ana.openLive();
  await service.post("new");
  await ana.until(async () => (await ana.comments())[0] === "new", "the new one at the top");
  assert(await ana.page.evaluate("hasWaited"));
  assert(await ana.page.isHidden("#news"));
});

test("a page that nobody sees gives its connection back, and catches up when it is seen",
  async (t) => {
    const service = await serve(t);
    await service.post("one");
    const ana = await reader(service);
    await ana.page.clock.install();
    await ana.openLive();
    const show = (isShown) => ana.page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, !isShown);
    let closed = false;
    ana.page.on("requestfailed", () => (closed = true));
    await show(false);
    await ana.page.clock.fastForward(29_000);
    await service.post("two"); // for a while it still follows
    await ana.waitForComments(["two", "one"]);
    await ana.page.clock.fastForward(2_000);
    await ana.until(() => closed, "the end of the stream");
    await service.post("three");
    await show(true);
    await ana.waitForComments(["three", "two", "one"]);
  });

test("while many write, a page shows every comment once and in order", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  const writers = many(4).map((name) => service.postAll(many(50).map((text) => name + text)));
  await ana.open();
  await Promise.all(writers);
  const expected = (await service.texts()).reverse();
  await ana.until(async () => (await ana.text("count")) === "200 comments", "all of them");
  const shown = await ana.comments();
  assert.deepEqual(shown, expected.slice(0, shown.length));
  assert(shown.length >= 50);
});
