import { readFileSync } from "node:fs";
import type { RunEvent } from "@downbeat/domain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { historyRecord } from "./history-record.ts";
import { type AvroField, type AvroType, historySchema } from "./history-schema.ts";

interface FrozenRun {
  readonly name: string;
  readonly history: readonly {
    readonly context: { readonly runId: string; readonly seq: number; readonly at: number };
    readonly event: RunEvent;
  }[];
}

const frozen: readonly FrozenRun[] = JSON.parse(
  readFileSync(new URL("../../domain/histories/every-event.json", import.meta.url), "utf8"),
);

function typeOf({ type }: AvroField): AvroType {
  return Array.isArray(type) ? type[1] : (type as AvroType);
}

/** The value as Pulsar SQL can know it: without what has no column or another type. */
function seenThrough(type: AvroType, value: unknown): unknown {
  if (typeof type === "string") {
    const isFitting =
      type === "string"
        ? typeof value === "string"
        : type === "long"
          ? Number.isSafeInteger(value)
          : typeof value === "number";
    return isFitting ? value : undefined;
  }
  if (type.type === "array")
    return Array.isArray(value) ? value.map((item) => seenThrough(type.items, item)) : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    if (type.type === "map") return [[name, seenThrough(type.values, part)]];
    const field = type.fields.find((candidate) => candidate.name === name);
    return field === undefined ? [] : [[name, seenThrough(typeOf(field), part)]];
  });
  return Object.fromEntries(entries);
}

const jsonSchema = z.object({
  type: z.string().optional(),
  const: z.string().optional(),
  enum: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** What the parser takes and the Avro schema lacks or types otherwise, as paths. */
function lacking(type: AvroType | undefined, taken: unknown, path: string): string[] {
  if (type === undefined) return [path];
  const schema = jsonSchema.parse(taken);
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap((each) => lacking(type, each, path));
  if (typeof type === "string") {
    const expected = { string: "string", integer: "long", number: "double" }[schema.type ?? ""];
    return type === expected ? [] : [`${path} (${schema.type} as ${type})`];
  }
  if (type.type === "array") return lacking(type.items, schema.items, `${path}[]`);
  if (type.type === "map") return lacking(type.values, schema.additionalProperties, `${path}{}`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = type.fields.find((candidate) => candidate.name === name);
    return lacking(field === undefined ? undefined : typeOf(field), property, `${path}.${name}`);
  });
}

describe("The schema of the history topic", () => {
  it.each(frozen)("keeps every field of the frozen events: $name", ({ history }) => {
    const record = {
      kind: "decisions",
      id: "r1",
      prev: "c1",
      claimId: "c1",
      at: 1,
      dispatchedUpTo: 0,
      decisions: [
        { runId: "r", workflow: "w", inputId: "i", seq: 1, events: history.map(({ event }) => event) },
      ],
    };
    expect(seenThrough(historySchema, record)).toStrictEqual(record);
  });

  it("has a column of the right type for everything that the parser takes", () => {
    const taken = z.toJSONSchema(historyRecord, { unrepresentable: "any" });
    expect(new Set(lacking(historySchema, taken, "record"))).toEqual(new Set());
  });

  it("lets every field be absent, so that records of any time can be read", () => {
    const fields = [
      ...JSON.stringify(historySchema).matchAll(/"name":"(\w+)","type":(?!"record")(\["null",)?/g),
    ];
    expect(fields.length).toBeGreaterThan(historySchema.fields.length);
    expect(fields.filter(([, , nullable]) => nullable === undefined)).toEqual([]);
  });

  it("names no column twice in lower case, as Pulsar SQL calls them", () => {
    const names = historySchema.fields.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it("defines each nested record once, as Avro asks", () => {
    const names = [...JSON.stringify(historySchema).matchAll(/"type":"record","name":"(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
