// Prints JSON Schemas of Grafana's alerting, made from the types that its foundation SDK gives:
// {"alerting.Rule": …}. They are closed: a key that is in no type is a fault.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MONITORING_MODULES}/`);
const { createGenerator } = await import(pathToFileURL(require.resolve("ts-json-schema-generator")));

const types = {
  alerting: ["Rule", "ContactPoint", "NotificationPolicy", "NotificationTemplate"],
  prometheus: ["Dataquery"],
  expr: ["TypeThreshold"],
};

const schemas = {};
for (const [part, names] of Object.entries(types)) {
  const sources = dirname(require.resolve(`@grafana/grafana-foundation-sdk/${part}`));
  const generator = createGenerator({
    path: join(sources, "types.gen.d.ts"),
    functions: "hide", // a marker of the SDK's, in no JSON
    additionalProperties: false,
    topRef: false,
    skipTypeCheck: true,
  });
  for (const name of names) {
    schemas[`${part}.${name}`] = generator.createSchema(name);
  }
}
console.log(JSON.stringify(schemas));
