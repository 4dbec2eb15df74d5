// Posting from the page: it appears at once, it is stored once, and no draft is lost.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { reader, shareChromium } from "./reader.js";
import { serve } from "./service.js";

shareChromium(after);

const postUrl = "**/api/comment/new";

// The keys of the posts that the page sends from now on.
function keysOf(one) {
  const keys = [];
  one.page.on("request", (request) => {
    if (request.method() === "POST") {
      keys.push(request.headers()["idempotency-key"]);
    }
  });
  return keys;
}

test("a post appears at once, and is there after a reload", async (t) => {
  const service = await serve(t);
  await service.post("before");
  const ana = await reader(service);
  await ana.openLive();
  await ana.write("mine\n  as typed", "ana@example.com");
  await ana.send();
  await ana.waitForComments(["mine\n  as typed", "before"]);
  await ana.waitFor("composer-status", "Your comment is published.");
  assert.equal(await ana.page.inputValue("#comment"), "");
  assert.equal(await ana.page.inputValue("#email"), "ana@example.com");
  await ana.page.reload();
  await ana.waitForComments(["mine\n  as typed", "before"]);
  assert.deepEqual(await ana.authors(), ["ana@example.com", "alice@example.com"]);
});

test("after a post, no list without it is asked for, also after a reload", async (t) => {
  const service = await serve(t);
  await service.post("before");
  const ana = await reader(service);
  const seen = [];
  ana.page.on("request", (request) => {
    if (request.url().includes("/list/") && request.url().includes("limit=")) {
      seen.push(request.headers()["x-comments-seen"] ?? "nothing");
    }
  });
  await ana.openLive();
  await ana.write("mine");
  await ana.send();
  await ana.waitForComments(["mine", "before"]);
  await ana.page.reload();
  await ana.waitForComments(["mine", "before"]);
  await ana.openLive("/?content_id=another");
  assert.deepEqual(seen, ["nothing", "2", "nothing"]);
});

test("a post appears though the stream is away, and nothing is missed when it is back",
  async (t) => {
    const service = await serve(t);
    await service.post("one");
    const ana = await reader(service);
    // Refused, so that the page itself must know after which comment to follow.
    await ana.page.route("**/api/comment/stream/**", (route) => route.fulfill({ status: 503 }));
    await ana.open();
    await ana.waitForComments(["one"]);
    await service.post("two");
    await ana.write("three");
    await ana.send();
    await ana.waitForComments(["three", "one"]);
    await ana.page.unroute("**/api/comment/stream/**");
    await ana.waitForComments(["three", "two", "one"]);
    ana.expectFailedRequests();
  });

test("while the service is away the draft is kept, and posted again it is stored once",
  async (t) => {
    const service = await serve(t);
    const ana = await reader(service);
    await ana.openLive();
    await service.terminate();
    await ana.write("kept");
    await ana.send();
    await ana.waitFor("composer-status", /No connection/);
    assert.equal(await ana.page.inputValue("#comment"), "kept");
    await service.start();
    await ana.send();
    await ana.waitForComments(["kept"]);
    assert.deepEqual(await service.texts(), ["kept"]);
    ana.expectFailedRequests();
  });

test("a post whose answer was lost is stored once, however often it is sent", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  const keys = keysOf(ana);
  await ana.page.route(postUrl, async (route) => {
    await route.fetch(); // it is stored, and nobody is told
    await route.abort();
  }, { times: 2 });
  await ana.write("once");
  for (let sent = 1; sent <= 2; sent += 1) {
    await ana.send();
    await ana.waitFor("composer-status", /No connection/);
  }
  await ana.send();
  await ana.waitFor("composer-status", "Your comment is published.");
  assert.deepEqual(await service.texts(), ["once"]);
  assert.equal(new Set(keys).size, 1);
  ana.expectFailedRequests();

  await ana.write("once"); // the same words once more are another comment
  await ana.send();
  await ana.waitForComments(["once", "once"]);
  assert.equal(new Set(keys).size, 2);
});

test("another text after a lost answer is another comment", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  const keys = keysOf(ana);
  await ana.page.route(postUrl, async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await ana.write("first");
  await ana.send();
  await ana.waitFor("composer-status", /No connection/);
  await ana.write("first, corrected");
  await ana.send();
  await ana.waitForComments(["first, corrected", "first"]);
  assert.equal(new Set(keys).size, 2);
  ana.expectFailedRequests();
});

test("a busy service is asked again by itself, as late as it says", async (t) => {
  for (const status of [503, 429]) {
    const service = await serve(t);
    const ana = await reader(service);
    await ana.openLive();
    const times = [];
    await ana.page.route(postUrl, (route) => {
      times.push(Date.now());
      return times.length > 1 ? route.continue() : route.fulfill({
        status,
        headers: { "Retry-After": "2" },
        json: { message: "too busy", request_id: "x", status: "OVERLOADED" },
      });
    });
    await ana.write("patient");
    await ana.send();
    await ana.waitFor("composer-status", /busy\. Sending again in 2 seconds/);
    assert(await ana.page.isDisabled("#composer button[type=submit]"));
    assert(await ana.page.isDisabled("#comment"));
    await ana.waitForComments(["patient"]);
    assert(times[1] - times[0] >= 1_990, `${times[1] - times[0]} ms`);
    assert(await ana.page.isEnabled("#comment"));
    ana.expectFailedRequests();
  }
});

test("what the service refuses is said in its own words, as text, and the draft is kept",
  async (t) => {
    const service = await serve(t);
    const ana = await reader(service);
    await ana.openLive();
    await ana.write("text", "ana\u{85}@example.com"); // no space to a browser
    await ana.send();
    await ana.waitFor("composer-status", /Not accepted: email must not contain spaces/);
    assert.equal(await ana.page.inputValue("#comment"), "text");
    await ana.page.route(postUrl, (route) => route.fulfill({
      status: 500, json: { message: "<img src=x onerror=alert(1)>", request_id: "x" } }));
    await ana.write("text");
    await ana.send();
    await ana.waitFor("composer-status", /The service says: <img src=x onerror=alert\(1\)>/);
    assert.equal(await ana.page.inputValue("#comment"), "text");
    assert.deepEqual(await service.texts(), []);
    ana.expectFailedRequests();
  });

test("what cannot be accepted is not sent: the field is named and has the focus", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  const keys = keysOf(ana);
  const focused = () => ana.page.evaluate(() => document.activeElement.id);
  for (const [comment, email, said, field] of [
    [" \n", "ana@example.com", /Write something/, "comment"],
    ["x".repeat(10_001), "ana@example.com", /at most 10,000 characters/, "comment"],
    ["text", "no address", /Enter an e-mail/, "email"],
    ["text", `a@${"b".repeat(253)}`, /Enter an e-mail/, "email"],
  ]) {
    await ana.write(comment, email);
    await ana.send();
    await ana.waitFor("composer-status", said);
    assert.equal(await focused(), field);
    assert.equal(await ana.page.getAttribute(`#${field}`, "aria-invalid"), "true");
    assert.equal(await ana.page.inputValue("#comment"), comment);
  }
  assert.deepEqual(keys, []);
});

test("a comment may have 10,000 characters, whatever they are", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  await ana.write("\u{1F3C6}".repeat(9_990));
  await ana.waitFor("room", "10 characters left");
  await ana.write("\u{1F3C6}".repeat(10_002));
  await ana.waitFor("room", "2 characters too many");
  await ana.write("\u{1F3C6}".repeat(10_000));
  await ana.send();
  await ana.waitForComments(["\u{1F3C6}".repeat(10_000)]);
});

test("an e-mail address is remembered only where the reader has ticked the box", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  const remembered = async () => {
    await ana.openLive();
    return ana.page.inputValue("#email");
  };
  await ana.openLive();
  await ana.write("one", "ana@example.com");
  await ana.send();
  await ana.waitForComments(["one"]);
  assert.equal(await remembered(), "");
  await ana.page.check("#remember");
  await ana.write("two", "ana@example.com");
  await ana.send();
  await ana.waitForComments(["two", "one"]);
  assert.equal(await remembered(), "ana@example.com");
  await ana.page.uncheck("#remember");
  assert.equal(await remembered(), "");
});

test("a browser that forbids remembering still posts", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  });
  await ana.openLive();
  await ana.page.check("#remember");
  await ana.write("text");
  await ana.send();
  await ana.waitForComments(["text"]);
  await ana.page.click("#language");
  assert.equal(await ana.page.getAttribute("html", "lang"), "pt");
});

test("all of it works with the keyboard alone", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  const { keyboard } = ana.page;
  await keyboard.press("Tab"); // the language
  await keyboard.press("Tab");
  await keyboard.type("typed");
  await keyboard.press("Tab");
  await keyboard.type("ana@example.com");
  await keyboard.press("Enter");
  await ana.waitForComments(["typed"]);
});
