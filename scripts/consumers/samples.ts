/** A project of somebody else's: what it is made of, and how it is started. */
export interface Sample {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Beside the packages under test. */
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Whether a compiler looks at it. */
  readonly compiled: boolean;
  /** The script that starts a run, and prints its result as JSON. */
  readonly start: string;
}

const result = '{"greeting":"Hello, Ada!","length":3}';
export const expectedResult: unknown = JSON.parse(result);

const esm = {
  workflows: `import { job, workflow } from "@downbeat/sdk";

export const greet = job("greet");
export const measure = job("measure");
export const hello = workflow("hello", async (run, name) => {
  const greeting = await run.job(greet, { name });
  await run.sleep("50 ms");
  return { greeting, length: await run.job(measure, { text: name }) };
});
export const workflows = [hello];
`,
  jobs: `export const jobs = { greet: ({ name }) => \`Hello, \${name}!\`, measure: ({ text }) => text.length };
`,
  start: `import { client } from "@downbeat/sdk/client";
import { hello } from "./workflows.js";

const downbeat = client();
const run = await downbeat.start(hello, "Ada");
console.log(JSON.stringify(await run.result({ timeout: "20 seconds" })));
await downbeat.close();
`,
};

const cjs = {
  workflows: `const { job, workflow } = require("@downbeat/sdk");

const greet = job("greet");
const measure = job("measure");
exports.hello = workflow("hello", async (run, name) => {
  const greeting = await run.job(greet, { name });
  await run.sleep("50 ms");
  return { greeting, length: await run.job(measure, { text: name }) };
});
exports.workflows = [exports.hello];
`,
  jobs: `exports.jobs = { greet: ({ name }) => \`Hello, \${name}!\`, measure: ({ text }) => text.length };
`,
  start: `const { client } = require("@downbeat/sdk/client");
const { hello } = require("./workflows.js");

async function main() {
  const downbeat = client();
  const run = await downbeat.start(hello, "Ada");
  console.log(JSON.stringify(await run.result({ timeout: "20 seconds" })));
  await downbeat.close();
}
main();
`,
};

const typed = {
  workflows: `import { type Job, job, workflow } from "@downbeat/sdk";

export const greet = job<{ name: string }, string>("greet", { retry: { maxAttempts: 3 } });
export const measure: Job<{ text: string }, number> = job("measure");
export const hello = workflow("hello", async (run, name: string) => {
  const greeting = await run.job(greet, { name });
  await run.sleep("50 ms");
  const length = await run.job(measure, { text: name });
  // @ts-expect-error A job's input is checked.
  void (() => run.job(measure, { text: 7 }));
  return { greeting, length };
});
export const workflows = [hello];
`,
  jobs: `import { BusinessError } from "@downbeat/sdk";
import { handle } from "@downbeat/sdk/worker";
import { greet, measure } from "./workflows.ts";

export const jobs = [
  handle(greet, ({ name }, { attempt }) => {
    if (name === "") throw new BusinessError("NoName", \`No name, attempt \${attempt}.\`);
    return \`Hello, \${name}!\`;
  }),
  handle(measure, ({ text }) => text.length),
];
`,
  start: `import { client } from "@downbeat/sdk/client";
import type { HttpJob } from "@downbeat/sdk/http";
import type { TestEnvironment } from "@downbeat/sdk/testing";
import { hello } from "./workflows.ts";

export type Others = [HttpJob, TestEnvironment];
const downbeat = client();
const run = await downbeat.start(hello, "Ada");
const result: { greeting: string; length: number } = await run.result({ timeout: "20 seconds" });
console.log(JSON.stringify(result));
await downbeat.close();
`,
};

const javascript = (name: string, type: "module" | "commonjs", code: typeof esm): Sample => ({
  name,
  files: {
    "package.json": JSON.stringify({ name: "consumer", private: true, type }),
    "src/workflows.js": code.workflows,
    "src/jobs.js": code.jobs,
    "src/start.js": code.start,
  },
  devDependencies: {},
  compiled: false,
  start: "src/start.js",
});

/** @param types of Node, of the project's own; without them it has those that come with the SDK */
const typescript = (name: string, modules: object, types?: string): Sample => ({
  name,
  files: {
    "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...modules,
        target: "es2022",
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        allowImportingTsExtensions: true,
        ...(types !== undefined && { types: ["node"] }),
      },
      include: ["src"],
    }),
    "src/workflows.ts": typed.workflows,
    "src/jobs.ts": typed.jobs,
    "src/start.ts": typed.start,
  },
  devDependencies: { typescript: "7.0.2", ...(types !== undefined && { "@types/node": types }) },
  compiled: true,
  start: "src/start.ts",
});

export const samples: readonly Sample[] = [
  javascript("JavaScript with import", "module", esm),
  javascript("JavaScript with require", "commonjs", cjs),
  typescript("TypeScript, nodenext", { module: "nodenext" }, "^24.0.0"),
  typescript("TypeScript, bundler, without types of Node", { module: "esnext", moduleResolution: "bundler" }),
];
