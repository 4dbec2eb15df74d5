// Verbs for a running `comments serve`, as tests/e2e/service.py has them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const patience = 60_000;

export function findBinary() {
  const path = process.env.COMMENTS_BINARY;
  assert(path, "COMMENTS_BINARY must name the program under test; ctest sets it");
  return path;
}

export class Service {
  #folder = mkdtempSync(join(tmpdir(), "comments-browser-"));
  #options;
  #process = null;
  #guests = [];
  port = 0; // the kernel chooses, and then it is kept

  constructor(options) {
    this.#options = options;
    writeFileSync(join(this.#folder, "no-settings.toml"), "");
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  // Again on the same port and file, where it has run before.
  async start() {
    this.#process = spawn(
      findBinary(),
      ["serve", "--store", `sqlite:${join(this.#folder, "comments.db")}`,
        "--port", String(this.port), "--admin-port", "0", ...this.#options],
      {
        cwd: this.#folder,
        env: {
          PATH: process.env.PATH,
          HOME: this.#folder,
          LC_ALL: "C.UTF-8",
          COMMENTS_CONFIG: join(this.#folder, "no-settings.toml"),
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    this.port = Number(new URL(await this.#servingUrl()).port);
    this.#process.stdout.resume();
  }

  #servingUrl() {
    return new Promise((resolve, reject) => {
      let text = "";
      const timer = setTimeout(() => reject(new Error("the service does not serve")), patience);
      this.#process.once("exit", (code) => reject(new Error(`the service ended with ${code}`)));
      this.#process.stdout.on("data", (bytes) => {
        text += bytes;
        const lines = text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
        const serving = lines.find((line) => line.message === "serving");
        if (serving) {
          clearTimeout(timer);
          resolve(serving.url);
        }
      });
    });
  }

  async #end(signal) {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill(signal);
      await once(this.#process, "exit");
    }
    return this.#process?.exitCode;
  }

  async terminate() {
    assert.equal(await this.#end("SIGTERM"), 0);
  }

  // `leave` is called before the service ends for good.
  hasGuest(leave) {
    this.#guests.push(leave);
  }

  async dispose() {
    try {
      for (const leave of this.#guests) {
        await leave();
      }
    } finally {
      await this.#end("SIGKILL");
      rmSync(this.#folder, { recursive: true });
    }
  }

  async post(comment, { thread = "1", email = "alice@example.com" } = {}) {
    const answer = await fetch(`${this.url}/api/comment/new`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ content_id: thread, email, comment }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  async postAll(comments, options) {
    for (const comment of comments) {
      await this.post(comment, options);
    }
  }

  // The thread as it is stored, [] where nobody has commented.
  async list(thread = "1") {
    const path = `/api/comment/list/${encodeURIComponent(thread)}?view=full`;
    const answer = await fetch(this.url + path);
    return answer.status === 404 ? [] : answer.json();
  }

  async texts(thread) {
    return (await this.list(thread)).map((comment) => comment.comment);
  }
}

// A serving service that ends with the test.
export async function serve(t, ...options) {
  const service = new Service(options);
  t.after(() => service.dispose());
  await service.start();
  return service;
}
