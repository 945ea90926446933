import { join } from "node:path";
import { Application, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

// The API reference, from the docstrings of what the SDK exports: pages of Markdown in docs/reference, which are not kept.
const sdk = join(import.meta.dirname, "..", "packages", "sdk");
const entries = ["index", "worker/index", "client/index", "testing/index", "http/index"];

const options: Partial<TypeDocOptions & PluginOptions> = {
  entryPoints: entries.map((entry) => join(sdk, "src", `${entry}.ts`)),
  tsconfig: join(sdk, "tsconfig.json"),
  plugin: ["typedoc-plugin-markdown"],
  out: join(import.meta.dirname, "reference"),
  name: "API",
  readme: "none",
  entryFileName: "index",
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  // The repository's own compiler, a newer one, has checked it.
  skipErrorChecking: true,
};
const app = await Application.bootstrapWithPlugins(options);
const project = await app.convert();
if (project === undefined) throw new Error("The API reference could not be made.");
await app.generateOutputs(project);
if (app.logger.hasErrors()) process.exitCode = 1;
