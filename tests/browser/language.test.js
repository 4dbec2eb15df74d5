// The page in the reader's language, on the reader's screen.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { reader, shareChromium } from "./reader.js";
import { serve } from "./service.js";

shareChromium(after);

const legend = (one) => one.page.locator("legend").textContent();
const language = (one) => one.page.getAttribute("html", "lang");

// The words as the page has them: imported from the service, in the browser.
function words(one) {
  return one.page.evaluate(async () => {
    const page = document.querySelector("script").src;
    return (await import(new URL("words.js", page).href)).words;
  });
}

test("a browser in English gets English, one in Portuguese gets Portuguese", async (t) => {
  const service = await serve(t);
  await service.postAll(["um", "dois"]);
  for (const [locale, lang, title, count, live] of [
    ["en-US", "en", "Write a comment", "2 comments", "live"],
    ["pt-BR", "pt", "Escreva um comentário", "2 comentários", "ao vivo"],
    ["pt-PT", "pt", "Escreva um comentário", "2 comentários", "ao vivo"],
    ["fr-FR", "en", "Write a comment", "2 comments", "live"],
  ]) {
    const one = await reader(service, { locale });
    await one.open();
    await one.waitFor("live", live);
    assert.equal(await legend(one), title);
    assert.equal(await language(one), lang);
    assert.equal(await one.text("count"), count);
  }
});

test("the reader can change the language, and it stays so; what is written stays too",
  async (t) => {
    const service = await serve(t, "--email-visibility", "hidden");
    await service.post("hello");
    const ana = await reader(service);
    await ana.openLive();
    await ana.write("draft");
    await ana.page.click("#language");
    assert.equal(await legend(ana), "Escreva um comentário");
    assert.equal(await ana.text("live"), "ao vivo");
    assert.deepEqual(await ana.authors(), ["Um leitor"]);
    assert.equal(await ana.page.locator("time").textContent(), "agora");
    assert.equal(await ana.page.title(), "Comentários · 1");
    assert.equal(await ana.page.inputValue("#comment"), "draft");
    await ana.page.reload();
    await ana.waitFor("live", "ao vivo");
    assert.equal(await language(ana), "pt");
    await ana.page.click("#language");
    assert.equal(await legend(ana), "Write a comment");
    assert.equal(await language(ana), "en");
  });

test("both languages have the same words, and the same places for numbers", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  const { en, pt, ...others } = await words(ana);
  assert.deepEqual(Object.keys(others), []);
  assert.deepEqual(Object.keys(pt).sort(), Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    assert.equal(typeof pt[key], typeof text, key);
    if (typeof text === "object") {
      for (const form of [...Object.values(text), ...Object.values(pt[key])]) {
        assert.equal(form.split("{n}").length, 2, key);
      }
      assert(text.other && pt[key].other, key);
    } else {
      assert(text !== "" && pt[key] !== "", key);
    }
  }
  const used = await ana.page.locator("[data-word]").evaluateAll(
    (elements) => elements.map((element) => element.dataset.word));
  assert.deepEqual(used.filter((word) => !(word in en)), []);
});

test("a time is told in the reader's language: relative for a day, then the date", async (t) => {
  const service = await serve(t);
  await service.post("text");
  const told = async (locale, age) => {
    const one = await reader(service, { locale, timezoneId: "America/Sao_Paulo" });
    await one.page.route("**/api/comment/list/**", async (route) => {
      const answer = await route.fetch();
      const [comment] = await answer.json();
      comment.created_at = age === null ? "2026-07-19T19:05:00.000Z"
        : new Date(Date.now() - age).toISOString();
      await route.fulfill({ response: answer, json: [comment] });
    });
    await one.open();
    await one.until(async () => (await one.comments()).length === 1, "the comment");
    return one.page.locator("time").textContent();
  };
  assert.equal(await told("en-US", 5 * 60_000), "5 minutes ago");
  assert.equal(await told("pt-BR", 3 * 3_600_000), "há 3 horas");
  assert.match(await told("pt-BR", null), /^19 de julho de 2026.* 16:05$/);
  assert.match(await told("en-US", null), /^July 19, 2026.* 4:05\sPM$/);
});

test("on the smallest phone nothing is wider than the screen", async (t) => {
  const service = await serve(t);
  await service.postAll(["short", "w".repeat(2_000), `see ${"http://example.com/".repeat(30)}`]);
  await service.post("from afar", { email: `${"long.".repeat(40)}@example.com` });
  for (const locale of ["en-US", "pt-BR"]) {
    const one = await reader(service, {
      locale, viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
    await one.open();
    await one.until(async () => (await one.comments()).includes("short"), "the thread");
    const tooWide = await one.page.evaluate(() =>
      [...document.querySelectorAll("body *:not(.unseen)")]
        .filter((element) => element.getBoundingClientRect().right > 320.5)
        .map((element) => element.outerHTML.slice(0, 80)));
    assert.deepEqual(tooWide, []);
    assert(await one.page.evaluate(() => document.documentElement.scrollWidth <= 320));
    await one.page.fill("#comment", `from ${locale}`);
    await one.page.fill("#email", "reader@example.com");
    await one.page.tap("#composer button[type=submit]");
    await one.until(async () => (await one.comments())[0] === `from ${locale}`, "the post");
  }
});

test("whoever needs it finds labels, contrast and stillness", async (t) => {
  const service = await serve(t);
  await service.post("text");
  for (const colorScheme of ["light", "dark"]) {
    const one = await reader(service, { colorScheme, reducedMotion: "reduce" });
    await one.openLive();
    const unlabelled = await one.page.locator("input, textarea").evaluateAll((fields) =>
      fields.filter((field) => field.labels.length === 0).map((field) => field.id));
    assert.deepEqual(unlabelled, []);
    const contrasts = await one.page.evaluate(contrastsOnPage);
    assert.deepEqual(Object.entries(contrasts).filter(([, ratio]) => !(ratio >= 4.5)), []);
    await service.post(colorScheme);
    await one.until(async () => (await one.comments())[0] === colorScheme, "a new comment");
    assert.equal(await one.page.evaluate(() => document.getAnimations().length), 0);
  }
});

// In the browser: the contrast (WCAG 2) of every element that has text of its own.
function contrastsOnPage() {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = numbers(color).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return numbers(backgroundColor)[3] === 0 && element.parentElement
      ? backgroundOf(element.parentElement) : backgroundColor;
  };
  const result = {};
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE &&
      node.textContent.trim() !== "");
    if (hasText && element.checkVisibility() && element.closest("noscript") === null) {
      const [dark, light] = [getComputedStyle(element).color, backgroundOf(element)]
        .map(luminance).sort((a, b) => a - b);
      result[element.id || element.className || element.dataset.word || element.tagName] =
        (light + 0.05) / (dark + 0.05);
    }
  }
  return result;
}
