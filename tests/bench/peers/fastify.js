// Fastify answering with the bytes in the file BENCH_LIST, on BENCH_PORT, in BENCH_PROCESSES
// processes.
"use strict";
const cluster = require("node:cluster");
const fs = require("node:fs");

const processes = Number(process.env.BENCH_PROCESSES);
if (processes > 1 && cluster.isPrimary) {
  for (let i = 0; i < processes; ++i) cluster.fork();
} else {
  const list = fs.readFileSync(process.env.BENCH_LIST, "utf8");
  const app = require("fastify")();
  app.get("/api/comment/list/:id", (request, reply) => {
    reply.type("application/json").send(list);
  });
  app.listen({ host: "127.0.0.1", port: Number(process.env.BENCH_PORT), backlog: 4096 });
}
