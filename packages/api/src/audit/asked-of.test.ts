import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "../app-router.ts";
import { askedOf, partOf } from "./asked-of.ts";
import { auditVerbs } from "./verbs.ts";

const definition = z.object({ type: z.string(), inputs: z.array(z.unknown()) });
const mutations = Object.entries(appRouter._def.procedures).flatMap(([path, procedure]) => {
  const { type, inputs } = definition.parse(Reflect.get(procedure, "_def"));
  return type === "mutation" ? [{ path, inputs }] : [];
});

/** Paths of all fields of an input, through objects that are told field by field. */
function pathsIn(procedure: string, schema: z.core.JSONSchema.BaseSchema, start = ""): string[] {
  const all = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return all.flatMap((each) =>
    Object.entries(typeof each === "boolean" ? {} : (each.properties ?? {})).flatMap(([field, within]) => {
      const path = start + field;
      const isWithin = partOf(procedure, path) === "within" && typeof within !== "boolean";
      return isWithin ? [path, ...pathsIn(procedure, within, `${path}.`)] : [path];
    }),
  );
}

test("every mutation has words", () => {
  expect(mutations.filter(({ path }) => !auditVerbs.includes(path))).toEqual([]);
});

test.each(mutations)("somebody has said of each field of $path how it is told", ({ path, inputs }) => {
  const fields = inputs.flatMap((input) =>
    input instanceof z.ZodType
      ? pathsIn(path, z.toJSONSchema(input, { io: "input", unrepresentable: "any", reused: "inline" }))
      : [],
  );
  if (inputs.length > 0) expect(fields).not.toEqual([]);
  expect(fields.filter((field) => partOf(path, field) === undefined)).toEqual([]);
});

test("ids and reasons are told, payloads by size and hash alone", () => {
  const asked = askedOf("jobs.complete", {
    runId: "trip-1",
    jobId: "j2",
    reason: " the customer called ",
    output: '{"iban":"NO93 8601 1117 947"}',
    actionId: "a1",
  });
  expect(asked).toEqual({
    on: [
      { what: "run", id: "trip-1" },
      { what: "job", id: "j2" },
    ],
    why: "the customer called",
    actionId: "a1",
    given: [{ field: "output", is: expect.stringMatching(/^29 bytes, sha256:[\w-]{43}$/) }],
  });
});

test("nothing is told of a password, however its field is called", () => {
  for (const input of [
    { current: "old", wanted: "new" },
    { password: "old" },
    { current: { wanted: "old" } },
  ])
    for (const procedure of ["account.changePassword", "account.endOthers"])
      expect(askedOf(procedure, input)).toEqual({ on: [] });
});

test("a statement is told as it was", () => {
  expect(askedOf("analytics.run", { source: "readModel", sql: "SELECT 1" })).toEqual({
    on: [],
    sql: "SELECT 1",
    given: [{ field: "source", is: "readModel" }],
  });
});

test("a timer and a query are told apart, though both are called id", () => {
  expect(askedOf("timers.fire", { runId: "r", id: "t1" }).on).toContainEqual({ what: "timer", id: "t1" });
  expect(askedOf("savedQueries.delete", { id: "q" }).on).toEqual([{ what: "query", id: "q" }]);
});

test("what something of one's own is called is not told, and what an input says never is", () => {
  for (const procedure of ["savedViews.save", "savedInputs.save"])
    for (const shared of [true, false]) {
      const text = JSON.stringify(askedOf(procedure, { name: "called so", input: '"said so"', shared }));
      expect(text.includes("called so")).toBe(shared);
      expect(text).not.toContain("said so");
    }
});

test("of a bulk action, its reason is told, and of what was chosen how much it is", () => {
  const order = {
    verb: "retryJob",
    reason: "outage",
    selection: { type: "items", items: [{ runId: "secret-1" }] },
  };
  const asked = askedOf("bulk.start", { order });
  expect(asked.why).toBe("outage");
  expect(asked.given).toContainEqual({ field: "order.verb", is: "retryJob" });
  expect(JSON.stringify(asked)).not.toContain("secret-1");
});

test("whatever comes, a secret in a field that nobody knows is hidden, and an entry stays small", () => {
  const secret = "s3cr3t-0815";
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom(secret, 815_815_815, [secret], { deep: { deeper: secret } }),
      fc.array(fc.jsonValue(), { maxLength: 40 }),
      (field, value, more) => {
        fc.pre(partOf("runs.start", field) === undefined && !field.includes("815"));
        const many = Object.fromEntries(more.map((one, index) => [`x${index}`, one]));
        const text = JSON.stringify(askedOf("runs.start", { [field]: value, input: value, ...many }));
        expect(text).not.toMatch(/s3cr3t|"815815815"/);
        expect(text.length).toBeLessThan(50_000);
      },
    ),
    { numRuns: 50 },
  );
});

const junk = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 30 }).map((field) => `~${field}`),
  fc.jsonValue(),
  { maxKeys: 60 },
);

test("what is known is told whatever comes with it, before it, after it or within it", () => {
  fc.assert(
    fc.property(junk, junk, junk, (before, after, within) => {
      const run = {
        ...before,
        sql: "SELECT 1",
        source: "readModel",
        runId: "trip-1",
        reason: "so",
        ...after,
      };
      const asked = askedOf("analytics.run", run);
      expect(asked).toMatchObject({ sql: "SELECT 1", on: [{ what: "run", id: "trip-1" }], why: "so" });
      expect(asked.given?.[0]).toEqual({ field: "source", is: "readModel" });
      const order = { ...within, reason: "outage", verb: "retryJob" };
      const bulk = askedOf("bulk.start", { ...before, order });
      expect(bulk.why).toBe("outage");
      expect(bulk.given?.[0]).toEqual({ field: "order.verb", is: "retryJob" });
      // One more is said when it has been done.
      for (const { given = [] } of [asked, bulk]) expect(given.length).toBeLessThan(20);
    }),
    { numRuns: 50 },
  );
});

test("what a view of one's own is called is not told, of one for all it is", () => {
  const told = (shared: unknown) =>
    JSON.stringify(askedOf("savedViews.save", { name: "my layoffs", shared }));
  expect([told(false), told(undefined), told(0)].filter((text) => text.includes("layoffs"))).toEqual([]);
  expect(told(true)).toContain("my layoffs");
});

test("of more fields than an entry takes, their number is told", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x${index}`, 1]));
  const { given } = askedOf("runs.start", { ...many, input: "1" });
  expect(given).toHaveLength(19);
  expect(given?.[0]?.field).toBe("input");
  expect(given?.at(-1)).toEqual({ field: "other fields", is: "83" });
});

test("what is nested too deeply to be written fails nothing", () => {
  const deep: unknown = JSON.parse("[".repeat(200_000) + "]".repeat(200_000));
  const asked = askedOf("runs.start", { runId: "trip-1", input: deep, else: deep, attempt: deep });
  expect(asked.on).toEqual([{ what: "run", id: "trip-1" }]);
  expect(asked.given?.map(({ is }) => is)).toEqual(Array(3).fill("can't be told"));
});

test("what is no object at all is nothing", () => {
  for (const odd of [undefined, null, 1, "text", [1, 2]])
    expect(askedOf("runs.start", odd)).toEqual({ on: [] });
});

test("of those a board is sent to, the domains are told", () => {
  const given = (to: unknown) => askedOf("boards.schedule", { id: "b", weekly: { to } }).given;
  expect(given(["ada@example.com", "grace@example.org", "eve@example.com"])).toEqual([
    { field: "weekly.to", is: "3 at example.com, example.org" },
  ]);
  for (const odd of [["s3cr3t"], "s3cr3t", [], [7, "ada@example.com"], ["a@b@s3cr3t"]])
    expect(JSON.stringify(given(odd))).toMatch(/sha256/);
});
