import { schemaCheck } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { definitionIdOf, jobTypeSchemas, workflowSchemas } from "../src/announced/definitions.ts";
import { schemaJson } from "../src/announced/schema-json.ts";

const takes = (schema: z.ZodType, value: unknown) => {
  const { schema: json } = schemaJson(schema, "input");
  return json === undefined || schemaCheck(json)(value).length === 0;
};

describe("what the schema takes, its JSON Schema takes:", () => {
  test.each<[string, z.ZodType, unknown]>([
    ["a pattern with flags", z.string().regex(/^abc$/i), "ABC"],
    ["text that is trimmed before it is measured", z.string().trim().max(3), "  abc  "],
    [
      "text in capitals where small letters are made of it",
      z
        .string()
        .toLowerCase()
        .regex(/^[a-z]+$/),
      "ABC",
    ],
    ["text where a number is made of it", z.object({ n: z.coerce.number() }), { n: "5" }],
    ["anything where something else is put in its place", z.object({ n: z.number().catch(1) }), { n: "x" }],
    ["nothing where something is put in its place", z.object({ n: z.nullable(z.number().catch(1)) }), {}],
    ["what is prepared first", z.object({ n: z.preprocess(String, z.string()) }), { n: 5 }],
    ["nothing, where it is prepared first", z.object({ n: z.preprocess(() => 1, z.number()) }), {}],
    ["a moment that is made of text", z.object({ at: z.coerce.date() }), { at: "2026-12-01" }],
    ["a moment with its offset", z.iso.datetime({ offset: true }), "2026-12-01T09:00:00+01:00"],
    ["a character of two units", z.string().length(1), "😀"],
    ["a tenth of three tenths", z.number().multipleOf(0.1), 0.3],
    ["keys that are numbers", z.record(z.number(), z.string()), { 7: "x" }],
    [
      "two strict halves",
      z.intersection(z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })),
      { a: "", b: "" },
    ],
    [
      "a choice told apart",
      z.discriminatedUnion("t", [z.object({ t: z.literal("a") }), z.object({ t: z.literal("b") })]),
      { t: "b" },
    ],
    [
      "exactly one of two",
      z.xor([z.string().refine((text) => text !== "x"), z.string().refine((text) => text === "x")]),
      "x",
    ],
    ["an end that may be missing", z.tuple([z.string(), z.number().optional()]), ["a"]],
    ["an end that is replaced", z.tuple([z.string().catch("x"), z.string().optional()]), []],
    [
      "ends that are put in their place",
      z.tuple([z.string(), z.string().default(""), z.number().catch(1)]),
      ["a"],
    ],
    ["an end that is replaced, before others", z.tuple([z.string().catch("x")], z.number()), []],
    [
      "nothing where something is put in its place, in what is described",
      z
        .object({ a: z.string().catch("a") })
        .catchall(z.null())
        .readonly()
        .describe("d"),
      {},
    ],
    [
      "a way there and back",
      z.object({ n: z.codec(z.string(), z.number(), { decode: Number, encode: String }) }),
      { n: "5" },
    ],
    ["yes as a word", z.stringbool(), "YES"],
  ])("%s", (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(true);
    expect(takes(schema, value)).toBe(true);
  });

  test("any schema and any value", () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        for (const value of fc.sample(
          fc.oneof(
            anyValue,
            fc.json().map((text) => JSON.parse(text) as unknown),
          ),
          30,
        ))
          if (schema.safeParse(value).success && !takes(schema, value))
            throw new Error(
              `${JSON.stringify(schemaJson(schema, "input"))} refuses ${JSON.stringify(value)}`,
            );
      }),
      { numRuns: 300 },
    );
  });
});

const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>("a", "ABC", " ab ", "", 0, 1, -1, 2.5, true, null, "2026-12-01", "a@b.co", "7"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "t"), tie("value")),
  ),
})).value;

const anySchema = fc.letrec<{ schema: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<z.ZodType>(
      z.string(),
      z.string().trim().min(2),
      z.string().regex(/^ab/i),
      z.string().regex(/^a/).max(2),
      z.string().toUpperCase().startsWith("A"),
      z.email(),
      z.iso.date(),
      z.number().min(1),
      z.int().multipleOf(2),
      z.coerce.number(),
      z.coerce.string(),
      z.coerce.boolean(),
      z.boolean(),
      z.null(),
      z.enum(["a", "b"]),
      z.literal(["a", 1, null]),
      z.any(),
      z.never(),
      z.date(),
      z.stringbool(),
      z.templateLiteral(["a", z.string()]),
    ),
    tie("schema").map((one) => one.optional()),
    tie("schema").map((one) => one.nullable()),
    tie("schema").map((one) => one.catch("a")),
    tie("schema").map((one) => z.preprocess((value) => value ?? "a", one)),
    tie("schema").map((one) => one.transform((value) => [value])),
    tie("schema").map((one) => one.refine(() => true)),
    tie("schema").map((one) => one.readonly().describe("d")),
    tie("schema").map((one) => z.array(one).max(2)),
    tie("schema").map((one) => z.record(z.string().trim().max(1), one)),
    tie("schema").map((one) => z.lazy(() => one)),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.union([a, b])),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.tuple([a, b])),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.tuple([a]).rest(b)),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.object({ a, b })),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.strictObject({ a, b })),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.object({ a }).catchall(b)),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => z.intersection(z.object({ a }), z.object({ b }))),
  ),
})).schema;

test("where the code checks more than JSON Schema can say, the places are named", () => {
  const schema = z.object({
    plain: z.string(),
    zone: z.string().refine(() => true),
    legs: z.array(z.object({ code: z.string().trim().length(3) })),
    at: z.date().optional(),
  });
  expect(schemaJson(schema, "input").leftOut).toEqual({
    why: "partly",
    places: ["at", "legs[].code", "zone"],
  });
  expect(
    schemaJson(
      z.string().refine(() => true),
      "input",
    ).leftOut,
  ).toEqual({ why: "partly", places: ["the whole"] });
  expect(schemaJson(z.object({ a: z.string() }), "input").leftOut).toBeUndefined();
});

test("a schema of another library, or one that is too long, is left out, which is said", () => {
  expect(schemaJson({ safeParse: () => ({ success: true }) } as never, "input")).toEqual({
    leftOut: { why: "notJson" },
  });
  const long = z.enum(Array.from({ length: 5_000 }, (_, i) => `a long choice ${i}`) as [string, ...string[]]);
  expect(workflowSchemas({ inputSchema: long, outputSchema: z.string() })).toMatchObject({
    output: { type: "string" },
    leftOut: [{ of: "input", why: "tooLarge" }],
  });
  expect(schemaJson(undefined, "input")).toEqual({});
});

test("schemas that are too long together are left out from the last", () => {
  const choices = z.enum(Array.from({ length: 1_500 }, (_, i) => `choice ${i}`) as [string, ...string[]]);
  const signalSchemas = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}`, choices]));
  const { signals, leftOut, input } = workflowSchemas({ inputSchema: z.string(), signalSchemas });
  expect(input).toMatchObject({ type: "string" });
  const announced = Object.keys(signals ?? {});
  expect(announced.length).toBeGreaterThan(0);
  expect(leftOut?.map(({ of }) => of)).toEqual(
    Object.keys(signalSchemas)
      .filter((name) => !announced.includes(name))
      .map((name) => `signal ${name}`),
  );
});

test("none of the keys of a record is required where something is put in the place of what is missing", () => {
  const keys = z.enum(["a", "b"]);
  const required = (schema: z.ZodType) => schemaJson(schema, "input").schema?.required;
  expect(required(z.record(keys, z.number()))).toEqual(["a", "b"]);
  expect(z.record(keys, z.number().catch(1)).safeParse({}).success).toBe(true);
  expect(required(z.record(keys, z.number().catch(1)))).toBeUndefined();
});

test("a definition has one id whichever build has it, and another when it takes something else", () => {
  const id = (schema: z.ZodType) => definitionIdOf("charge", jobTypeSchemas({ inputSchema: schema }));
  expect(id(z.object({ a: z.string() }))).toBe(id(z.object({ a: z.string() })));
  expect(id(z.object({ a: z.string() }))).not.toBe(id(z.object({ a: z.number() })));
});

test("places that the JSON Schema says less of are told in order, through choices and lists", () => {
  const checked = () => z.string().regex(/^a$/i);
  const schema = z.object({
    pay: z.union([z.object({ card: checked() }), z.number()]),
    z: checked(),
    a: z.array(checked()),
  });
  expect(schemaJson(schema, "input").leftOut?.places).toEqual(["a[]", "pay.card", "z"]);
  const odd = z.object({
    // Keys that are named as JSON Schema's own words.
    anyOf: z.object({ items: checked() }),
    pair: z.tuple([z.number(), checked()], checked()),
    byName: z.record(z.string(), z.union([z.object({ properties: checked() }), z.null()])),
    someByName: z.looseRecord(z.string().regex(/^a/), checked()),
    both: z.intersection(z.object({ left: checked() }), z.object({ right: checked() })),
  });
  expect(schemaJson(odd, "input").leftOut?.places).toEqual([
    "anyOf.items",
    "both.left",
    "both.right",
    "byName[].properties",
    "pair[1]",
    "pair[]",
    "someByName[]",
  ]);
});
