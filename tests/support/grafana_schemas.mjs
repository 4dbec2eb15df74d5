// Prints JSON Schemas of what Grafana reads, made from the types that its foundation SDK gives:
// {"timeseries.Options": …, "timeseries.FieldConfig": …, "unit": …}. They are closed: a key that is in
// no type is a fault. GRAFANA_MODULES names the folder of the npm packages of tests/dashboards.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.GRAFANA_MODULES}/`);
const { createGenerator } = await import(pathToFileURL(require.resolve("ts-json-schema-generator")));

const types = {
  dashboard: ["Dashboard"],
  alerting: ["Rule", "ContactPoint", "NotificationPolicy", "NotificationTemplate"],
  prometheus: ["Dataquery"],
  expr: ["TypeThreshold"],
  timeseries: ["Options", "FieldConfig"],
  stat: ["Options"],
  bargauge: ["Options"],
  heatmap: ["Options", "FieldConfig"],
  table: ["Options", "FieldConfig"],
  logs: ["Options"],
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
schemas.unit = { enum: Object.values(require("@grafana/grafana-foundation-sdk/units")) };
console.log(JSON.stringify(schemas));
