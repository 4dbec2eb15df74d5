// Usage: take.mjs PROMETHEUS-URL SECONDS DASHBOARD.json PICTURE.png [ROW…]
//
// Asks that Prometheus what the dashboard asks, over the last so many seconds, and draws it: see panels.jsx.
// DASHBOARD_MODULES names the folder of the npm packages, CHROMIUM a browser.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [prometheus, seconds, file, picture, ...rows] = process.argv.slice(2);
const require = createRequire(`${process.env.DASHBOARD_MODULES}/`);
const { build } = require("esbuild");
const { chromium } = require("playwright-core");
const dashboard = JSON.parse(readFileSync(file, "utf8"));
const to = Math.floor(Date.now() / 1_000), from = to - Number(seconds), step = 1;
const builtIn = { __rate_interval: "15s", __interval: "5s", __range: `${seconds}s`, job: "comments" };

async function ask(path, parameters) {
  const answer = await fetch(`${prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { status, data, error } = await answer.json();
  if (status !== "success") {
    throw new Error(`${parameters.query}: ${error}`);
  }
  return data.result;
}

function nameOf(target, labels) {
  const legend = target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => labels[label] ?? "");
  return legend || Object.values(labels).join(" ");
}

async function answersTo(panel) {
  const answers = [];
  for (const target of panel.targets ?? []) {
    const query = target.expr.replace(/\$\{?(\w+)\}?/g, (_, name) => builtIn[name] ?? ".*");
    const series = target.instant
      ? (await ask("query", { query, time: to })).map(({ metric, value }) => ({ metric, values: [value] }))
      : await ask("query_range", { query, start: from, end: to, step });
    for (const { metric, values } of series) {
      const name = panel.type === "table" ? Object.values(metric).join(", ") : nameOf(target, metric);
      answers.push({ name, times: values.map(([time]) => time * 1_000),
        values: values.map(([, value]) => Number(value)) });
    }
  }
  return answers;
}

const bundle = await build({
  entryPoints: [fileURLToPath(new URL("panels.jsx", import.meta.url))],
  nodePaths: [`${process.env.DASHBOARD_MODULES}/node_modules`],
  bundle: true, write: false, outdir: "unused", minify: true, format: "iife", jsx: "automatic", logLevel: "error",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: Object.fromEntries([".svg", ".png", ".woff", ".woff2", ".ttf"].map((end) => [end, "dataurl"])),
});
const [code, style] = [".js", ".css"].map((end) => bundle.outputFiles.find((one) => one.path.endsWith(end)).text);
const answers = Object.fromEntries(await Promise.all(
  dashboard.panels.map(async (panel) => [panel.id, await answersTo(panel)])));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const faults = [];
page.on("pageerror", (error) => faults.push(String(error)));
await page.route("http://panels.local/", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
await page.goto("http://panels.local/");
await page.addStyleTag({ content: style });
await page.addScriptTag({ content: code });
await page.evaluate((what) => window.draw(what),
  { dashboard, rows, answers, from: from * 1_000, to: to * 1_000 });
await page.locator("footer").waitFor();
await page.waitForFunction(() => document.querySelectorAll("canvas").length > 0);
await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
if (faults.length > 0) {
  throw new Error(faults.join("\n"));
}
await page.locator("main").screenshot({ path: picture });
await browser.close();
console.log(`${picture}: ${Object.values(answers).flat().length} series`);
