import type { JsonSchema } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { BoundedChecks } from "../src/bounded-checks.ts";
import { DelegatedToWorkers } from "../src/delegation.ts";
import type { HandedOver } from "../src/handed-over.ts";

const start = (value: unknown): HandedOver => ({
  type: "start",
  workflow: "placeOrder",
  value: JSON.stringify(value),
});
const cents: JsonSchema = { type: "object", properties: { cents: { type: "integer" } }, required: ["cents"] };
const euros: JsonSchema = { type: "object", properties: { euros: { type: "number" } }, required: ["euros"] };

function delegating(
  schemas: readonly JsonSchema[] | undefined,
  soon: readonly JsonSchema[] | undefined = schemas,
) {
  let known = schemas;
  return new DelegatedToWorkers([], {
    knows: () => true,
    nearest: () => undefined,
    isHosted: () => true,
    buildsOf: () => [],
    schemasFor: () => known,
    lacksSchemasFor: () => known === undefined,
    caughtUp: async () => {
      known = soon;
    },
  });
}

test("what fits none of the announced schemas is told in the words of the engine's own check, with its place", async () => {
  expect(await delegating([cents]).misfit(start({ cents: "5" }))).toBe(
    "The input does not fit placeOrder.\n✖ Invalid input: expected number, received string\n  → at cents",
  );
  const value = '"x"';
  const boolean = delegating([{ type: "boolean" }]);
  expect(await boolean.misfit({ type: "signal", workflow: "placeOrder", name: "approval", value })).toMatch(
    /^The payload does not fit the signal approval\.\n✖ Invalid input: expected boolean/,
  );
  expect(await boolean.misfit({ type: "jobInput", jobType: "charge", jobId: "j1", value })).toMatch(
    /^The input of charge \(j1\) does not fit its schema\.\n/,
  );
  expect(await boolean.misfit({ type: "jobOutput", jobType: "charge", jobId: "j1", value })).toMatch(
    /^The output of charge \(j1\) does not fit its schema\.\n/,
  );
});

test("while two versions are in use, what either of them takes is taken, and what neither does is told of the newer one", async () => {
  const both = delegating([cents, euros]);
  expect(await both.misfit(start({ cents: 5 }))).toBeUndefined();
  expect(await both.misfit(start({ euros: 5 }))).toBeUndefined();
  expect(await both.misfit(start({}))).toMatch(/→ at euros$/);
});

test("where nobody knows what is taken, everything passes", async () => {
  expect(await delegating(undefined).misfit(start(1))).toBeUndefined();
  expect(await delegating([]).misfit(start(1))).toBeUndefined();
});

test("a worker that announced another schema a moment ago is asked before anything is refused", async () => {
  expect(await delegating([cents], [cents, euros]).misfit(start({ euros: 5 }))).toBeUndefined();
  expect(await delegating([cents], []).misfit(start({ euros: 5 }))).toBeUndefined();
});

test("what a worker takes that has just come is read before anything is taken", async () => {
  expect(await delegating(undefined, [cents]).misfit(start({ euros: 5 }))).toMatch(/→ at cents$/);
});

test.each<[string, JsonSchema, unknown]>([
  ["a pattern that never comes to an end", { type: "string", pattern: "^(a+)+$" }, `${"a".repeat(60)}b`],
  ["a schema that goes round in itself", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, 1],
  ["a pattern that is none", { type: "string", pattern: "(" }, "x"],
  ["a reference to elsewhere", { $ref: "https://example.com/schema.json" }, 1],
  ["a kind that there is not", { type: "colour" }, 1],
  [
    "a choice among a thousand for each of a thousand",
    { type: "array", items: { anyOf: Array.from({ length: 1_000 }, () => ({ type: "null" })) } },
    Array.from({ length: 1_000 }, () => 1),
  ],
  [
    "a schema of ten thousand levels",
    JSON.parse(`${'{"items":'.repeat(10_000)}{}${"}".repeat(10_000)}`),
    [[1]],
  ],
])("%s refuses nothing, and the engine goes on", (_, schema, value) => {
  const checks = new BoundedChecks();
  expect(checks.issues(schema, value)).toEqual([]);
  expect(checks.issues(cents, { cents: "5" })).toHaveLength(1);
});

test("a pattern that took too long a few times is not used any more, and takes no time", () => {
  const checks = new BoundedChecks(500);
  const schema = { type: "string", pattern: "^(a+)+$" };
  expect(checks.issues(schema, "b")).toHaveLength(1);
  for (let time = 0; time < 3; time++) checks.issues(schema, `${"a".repeat(60)}b`);
  expect(checks.issues(schema, "b")).toEqual([]);
});
