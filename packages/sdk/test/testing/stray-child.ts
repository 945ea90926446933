import assert from "node:assert/strict";
import { test } from "node:test";
import { workflow } from "../../src/index.ts";
import { testEnvironment } from "../../src/testing/index.ts";

const branches = workflow("branches", async (run) => {
  void run.sleep("1 hour").then(() => {
    throw new Error("nobody looks");
  });
  await run.sleep("2 hours");
});

test("a branch that fails with nobody looking can be asserted", async () => {
  const env = await testEnvironment({ workflows: [branches] });
  const run = await env.start(branches);
  await assert.rejects(run.result(), { code: "problem", message: /nobody looks/ });
  assert.equal(await run.result(), null);
  await env.close();
});

test("what is no doing of a run is the test runner's to hear of", {
  todo: process.env.DOWNBEAT_STRAY === undefined,
}, async () => {
  const env = await testEnvironment({ workflows: [branches] });
  if (process.env.DOWNBEAT_STRAY !== undefined) void Promise.reject(new Error("of the test itself"));
  await new Promise((resolve) => setTimeout(resolve, 10));
  await env.close();
});
