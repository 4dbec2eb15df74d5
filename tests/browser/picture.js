// The picture of the page in the README; see scripts/page-picture.

import { launchChromium, Reader } from "./reader.js";
import { Service } from "./service.js";

const thread = "final";
const before = [ // minutes ago, who, what
  [41, "joana@example.com", "Boa noite a todos. Quem aguenta esta espera?"],
  [33, "tom.b@example.com", "Full house, and you can hear it through the television."],
  [27, "meera@example.com", "Three at the back again. Brave, against those wingers."],
  [21, "luis.a@example.com", "Que defesa! O guarda-redes está a jogar sozinho."],
  [16, "alice@example.com",
    "That was never a foul.\n\nThe referee was right beside it and waved play on; then the whole " +
    "bench stood up and he changed his mind."],
  [11, "rui@example.com", "Calma, ainda falta meia hora."],
  [8, "hannah@example.com", "The midfield is ours since the substitution: simple passes."],
  [4, "carla@example.com", "GOOOOOL! 2–1! Que passe do meio-campo, que calma na finalização."],
  [3, "bob@example.com", "What a finish. Twenty passes before it, I counted."],
  [2, "meera@example.com", "My neighbours now know that I follow football."],
];
const late = [
  ["sofia@example.com", "Na trave! Não acredito."],
  ["tom.b@example.com", "Four minutes added. It feels like forty."],
  ["joana@example.com", "Acabou!!! Campeões!"],
];

async function openLive(browser, service, how) {
  const context = await browser.newContext(how);
  const page = await context.newPage();
  // All of it was posted in this second: the picture spreads it over the match.
  await page.route("**/api/comment/list/**", async (route) => {
    const answer = await route.fetch();
    const comments = await answer.json();
    for (const comment of comments) {
      const [age] = before[comment.id - 1];
      comment.created_at = new Date(Date.now() - age * 60_000 - 5_000).toISOString();
    }
    await route.fulfill({ response: answer, json: comments });
  });
  const one = new Reader(page, service.url);
  await one.open(`/?content_id=${thread}`);
  await one.until(async () => (await page.locator("#live").getAttribute("data-state")) === "live",
    "the thread");
  return one;
}

async function take(browser, service) {
  const desk = await openLive(browser, service, {
    locale: "en-GB", viewport: { width: 780, height: 1000 } });
  const phone = await openLive(browser, service, {
    locale: "pt-PT", viewport: { width: 375, height: 760 }, colorScheme: "dark", isMobile: true });
  await desk.write("Please, nobody touch the ball for", "dora@example.com");
  await desk.page.evaluate(() => document.activeElement.blur());
  await phone.page.evaluate(() => document.querySelector('[data-id="10"]').scrollIntoView());
  await phone.page.evaluate(() => scrollBy(0, 40));
  for (const [email, comment] of late) {
    await service.post(comment, { thread, email });
  }
  await phone.waitFor("news", /3/);
  await desk.until(async () => (await desk.comments())[0] === late.at(-1)[1],
    "the end");
  await desk.page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished)));
  return [await desk.page.screenshot(), await phone.page.screenshot()];
}

// Both on one sheet.
async function arrange(browser, [desk, phone], path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1080 } });
  const page = await context.newPage();
  const image = (bytes, style) => `<img style="${style};box-shadow:0 6px 24px #0003"
    src="data:image/png;base64,${bytes.toString("base64")}">`;
  await page.setContent(`<body style="margin:0;height:1080px;display:flex;gap:45px;
    align-items:center;justify-content:center;background:#e9e6df">
    ${image(desk, "border-radius:6px")}
    ${image(phone, "border-radius:28px;border:8px solid #111")}`);
  await page.screenshot({ path });
}

const service = new Service([]);
const browser = await launchChromium();
try {
  await service.start();
  for (const [, email, comment] of before) {
    await service.post(comment, { thread, email });
  }
  await arrange(browser, await take(browser, service), process.argv[2]);
} finally {
  await browser.close();
  await service.dispose();
}
