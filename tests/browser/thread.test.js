// What a reader sees of a thread.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { reader, shareChromium } from "./reader.js";
import { serve } from "./service.js";

shareChromium(after);

const numbered = (from, to) => {
  const step = from <= to ? 1 : -1;
  const length = Math.abs(to - from) + 1;
  return Array.from({ length }, (_, i) => `comment ${from + step * i}`);
};

test("a thread is shown with its newest comment first, and counted", async (t) => {
  const service = await serve(t);
  await service.post("one", { email: "alice@example.com" });
  await service.post("two\n\nlines <b>of</b> text", { email: "bob@example.com" });
  await service.post("elsewhere", { thread: "2" });
  const ana = await reader(service);
  await ana.openLive();
  await ana.waitForComments(["two\n\nlines <b>of</b> text", "one"]);
  assert.deepEqual(await ana.authors(), ["bob@example.com", "alice@example.com"]);
  assert.equal(await ana.text("count"), "2 comments");
  assert.equal(await ana.text("thread-name"), "1");
  const [stored] = await service.list();
  const time = ana.page.locator(".comment time").last();
  assert.equal(await time.getAttribute("datetime"), stored.created_at);
  assert.equal(await time.textContent(), "now");
});

test("a thread without comments asks for the first one", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.open("/?content_id=nothing%20yet");
  await ana.waitFor("live", "live");
  assert.equal(await ana.text("count"), "0 comments");
  assert(await ana.page.isVisible("#empty"));
  await service.post("first", { thread: "nothing yet" });
  await ana.waitForComments(["first"]);
  assert(await ana.page.isHidden("#empty"));
});

test("older comments come page by page, each once, until there are none", async (t) => {
  const service = await serve(t);
  await service.postAll(numbered(1, 120));
  const ana = await reader(service);
  await ana.openLive();
  await ana.waitForComments(numbered(120, 71));
  await service.post("comment 121"); // pages are counted from comments, not from the end
  await ana.waitForComments(numbered(121, 71));
  await ana.page.click("#older");
  await ana.waitForComments(numbered(121, 21));
  await ana.page.click("#older");
  await ana.waitForComments(numbered(121, 1));
  assert(await ana.page.isHidden("#older"));
  assert.equal(await ana.text("count"), "121 comments");
});

test("older comments that cannot be loaded can be asked for again", async (t) => {
  const service = await serve(t);
  await service.postAll(numbered(1, 60));
  const ana = await reader(service);
  await ana.openLive();
  await ana.page.route("**/api/comment/list/**", (route) => route.abort(), { times: 1 });
  await ana.page.click("#older");
  await ana.waitFor("thread-status", /could not be loaded/);
  ana.expectFailedRequests();
  await ana.page.click("#older");
  await ana.waitForComments(numbered(60, 1));
  assert.equal(await ana.text("thread-status"), "");
});

test("a reader opens another thread by its name, whatever that is", async (t) => {
  const service = await serve(t);
  const name = "família & amigos?#%2F+1";
  await service.post("hello", { thread: name });
  await service.post("one");
  const ana = await reader(service);
  await ana.openLive();
  await ana.page.fill("#content_id", name);
  await ana.page.press("#content_id", "Enter");
  await ana.waitFor("thread-name", name);
  await ana.waitForComments(["hello"]);
  await ana.page.goBack();
  await ana.waitForComments(["one"]);
});

test("a name that is no thread's is refused in the service's words", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.open(`/?content_id=${"x".repeat(201)}`);
  await ana.waitFor("thread-status", /content_id has at most 200 bytes/);
  ana.expectFailedRequests();
  await ana.open("/?content_id=.."); // which no browser sends in a path
  await ana.waitFor("thread-status", /cannot be shown/);
  assert(await ana.page.isHidden("#composer"));
});

test("an address is shown as the service shows it, and hidden ones by a neutral word",
  async (t) => {
    for (const [visibility, shown] of [["masked", "a***@example.com"], ["hidden", "A reader"]]) {
      const service = await serve(t, "--email-visibility", visibility);
      await service.post("text");
      const ana = await reader(service);
      await ana.openLive();
      await ana.waitForComments(["text"]);
      assert.deepEqual(await ana.authors(), [shown]);
      await service.post("live");
      await ana.waitForComments(["live", "text"]);
      assert.deepEqual(await ana.authors(), [shown, shown]);
    }
  });

test("without JavaScript the page says what it needs", async (t) => {
  const service = await serve(t);
  const ana = await reader(service, { javaScriptEnabled: false });
  await ana.open();
  assert.match(await ana.page.locator("noscript").innerText(), /needs JavaScript/);
});
