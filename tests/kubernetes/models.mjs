// Holds documents against the types of Kubernetes, Argo and GKE: node models.mjs MODULES <[{apiVersion, kind, ...}, ...]
// Prints a list of faults for each. The packages' own check of a value knows types, patterns and what is required, and
// lets unknown keys pass; TypeScript's check of a literal knows the keys.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const require = createRequire(join(modules, "index.js"));
const ts = require("typescript");

const kubernetes = new Set(["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy"]);
const others = {
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "networking.gke.io": "@kubernetes-models/gke",
};
const argo = { Application: "argo-cd", AppProject: "argo-cd", Rollout: "argo-rollouts", AnalysisTemplate: "argo-rollouts" };

function modelOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const name = group === "argoproj.io" ? argo[kind] && `@kubernetes-models/${argo[kind]}`
    : kubernetes.has(group) ? "kubernetes-models" : others[group];
  return name && [name, group, version, kind].filter(Boolean).join("/");
}

function typeFaults(documents, models) {
  const files = new Map();
  documents.forEach((document, index) => {
    if (models[index]) {
      files.set(join(modules, `document${index}.ts`),
        `import type { I${document.kind} as Type } from "${models[index]}";\n` +
        `export const document: Type = ${JSON.stringify(document, null, 1)};\n`);
    }
  });
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, ...rest) => files.has(name)
    ? ts.createSourceFile(name, files.get(name), options.target, true) : getSourceFile.call(host, name, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return documents.map((_, index) => {
    const file = program.getSourceFile(join(modules, `document${index}.ts`));
    return !file ? [] : ts.getPreEmitDiagnostics(program, file).map(({ messageText, start }) => {
      const { line } = ts.getLineAndCharacterOfPosition(file, start ?? 0);
      return `${file.text.split("\n")[line].trim()} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}

// `import` of a module beside another folder: by its package's own exports.
function locate(model) {
  const parts = model.split("/");
  const name = parts.splice(0, model.startsWith("@") ? 2 : 1).join("/");
  const folder = join(modules, "node_modules", name);
  const { exports = {} } = JSON.parse(readFileSync(join(folder, "package.json")));
  const esm = Object.keys(exports).length === 0 || JSON.stringify(exports).includes(".mjs") ? ".mjs" : ".js";
  return pathToFileURL(join(folder, ...parts) + esm).href;
}

async function valueFaults(document, model) {
  const loaded = await import(locate(model));
  try {
    new loaded[document.kind](document).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

const documents = JSON.parse(readFileSync(0, "utf8"));
const models = documents.map(modelOf);
const types = typeFaults(documents, models);
const faults = await Promise.all(documents.map(async (document, index) => models[index]
  ? [...types[index], ...await valueFaults(document, models[index])]
  : [`there is no model of ${document.apiVersion} ${document.kind}`]));
console.log(JSON.stringify(faults));
