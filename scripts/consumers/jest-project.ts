import { readFileSync } from "node:fs";
import { join } from "node:path";

const examples = join(import.meta.dirname, "..", "..", "docs", "examples", "testing");
const example = (file: string): string => readFileSync(join(examples, file), "utf8");

/** A project that tests its workflows with Jest. */
export const jestVersion = "30.5.2";

export const jestProject: Readonly<Record<string, string>> = {
  "package.json": '{ "private": true, "type": "module" }',
  "src/workflows.js": `import { job, workflow } from "@downbeat/sdk";

export const ship = job("ship");
export const order = workflow("order", async (run, id) => {
  const approved = await run.signal("approval", { timeout: "2 days" });
  return approved === undefined ? "nobody approved" : run.job(ship, id);
});
`,
  "test/order.test.js": `import { handle, testEnvironment } from "@downbeat/sdk/testing";
import { order, ship } from "../src/workflows.js";

let env;
beforeEach(async () => {
  env = await testEnvironment({ workflows: [order], jobs: [handle(ship, (id) => "parcel of " + id)] });
});
afterEach(() => env.close());

test("an order that nobody approves for two days is not shipped", async () => {
  const run = await env.start(order, "A-17");
  await env.skip("2 days");
  expect(await run.result()).toBe("nobody approved");
});

test("an approved one is shipped", async () => {
  const run = await env.start(order, "A-17");
  await run.signal("approval", true);
  expect(await run.result()).toBe("parcel of A-17");
});
`,
  "faked.config.js": `export default { fakeTimers: { enableGlobally: true, doNotFake: ["nextTick", "queueMicrotask"] } };
`,
  "commonjs.config.js": `export default { testMatch: ["**/commonjs/*.cjs"] };
`,
  "commonjs/order.cjs": `const { workflow } = require("@downbeat/sdk");
const { testEnvironment } = require("@downbeat/sdk/testing");

test("an order waits for two days", async () => {
  const order = workflow("order", async (run) => run.sleep("2 days"));
  const env = await testEnvironment({ workflows: [order] });
  const run = await env.start(order);
  await run.result();
  expect(env.now().getUTCDate()).toBe(7);
  await env.close();
});
`,
  // As the page on testing has it.
  "typescript/jest.config.js": example("jest.config.js"),
  "typescript/strip-types.js": example("strip-types.js"),
  "typescript/place-order.ts": example("place-order.ts"),
  "typescript/order.test.ts": example("vitest.test.ts").replace('"vitest"', '"@jest/globals"'),
};
