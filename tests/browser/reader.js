// A reader with a browser: opens the page, looks, writes. What a page must never do is watched for
// in every test: errors in the console, violations of its policy, dialogs, requests to elsewhere.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { chromium } = createRequire(`${process.env.BROWSER_MODULES}/`)("playwright-core");
const patience = 60_000; // for what takes milliseconds on an idle machine

export function launchChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM, // set by ./run
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

let shared = null;

// One browser for the tests of a file; call it at the file's top, with node:test's `after`.
export function shareChromium(after) {
  shared = launchChromium();
  after(async () => (await shared).close());
}

// The original's contract answers 404 where nobody has commented, and a browser says so.
function isOfEmptyThread(message) {
  return message.text().includes("status of 404") &&
    message.location().url.includes("/api/comment/list/");
}

export class Reader {
  faults = [];

  constructor(page, url) {
    this.page = page;
    this.url = url;
    page.setDefaultTimeout(patience);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !isOfEmptyThread(message)) {
        this.faults.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => this.faults.push(`uncaught: ${error}`));
    page.on("dialog", (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(`${url}/`)) {
        this.faults.push(`request to ${request.url()}`);
      }
    });
  }

  // What the browser itself says when a request fails, as some tests make it.
  expectFailedRequests() {
    this.faults = this.faults.filter((fault) => !/Failed to load resource|net::ERR/.test(fault));
  }

  async open(path = "/") {
    await this.page.goto(this.url + path);
  }

  async openLive(path) {
    await this.open(path);
    await this.waitFor("live", "live");
  }

  // Until the element with that id says so; a text, or a pattern.
  async waitFor(id, said) {
    const is = (text) => (said instanceof RegExp ? said.test(text) : said === text);
    await this.until(async () => is(await this.text(id)), `#${id} to say ${said}`);
  }

  // Looks again and again; there is no waiting for a fixed time.
  async until(condition, what) {
    const end = Date.now() + patience;
    while (!(await condition())) {
      assert(Date.now() < end, `waited in vain for ${what}; faults: ${this.faults.join("; ")}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  text(id) {
    return this.page.locator(`#${id}`).textContent();
  }

  // The texts of the thread, from the top.
  comments() {
    return this.page.locator(".comment .text").allTextContents();
  }

  authors() {
    return this.page.locator(".comment .author").allTextContents();
  }

  // Until the thread shows exactly these, from the top.
  async waitForComments(expected) {
    const wanted = JSON.stringify(expected);
    let seen = "";
    await this.until(async () => (seen = JSON.stringify(await this.comments())) === wanted,
      { toString: () => `${wanted}, but there is ${seen}` });
  }

  async write(comment, email = "reader@example.com") {
    await this.page.fill("#comment", comment);
    await this.page.fill("#email", email);
  }

  send() {
    return this.page.click("#composer button[type=submit]");
  }
}

// A reader in a browser profile of their own, at the page of `service`. Everything wrong that the
// page did fails the test at its end.
export async function reader(service, how = {}) {
  const context = await (await shared).newContext({ locale: "en-US", ...how });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const one = new Reader(await context.newPage(), service.url);
  service.hasGuest(async () => {
    await context.close();
    assert.deepEqual(one.faults, []);
  });
  return one;
}
