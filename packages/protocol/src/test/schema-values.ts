import fc from "fast-check";
import type { z } from "zod";

/** Values that the schema lets through, made by looking at what it is made of. */
export function anyOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const known = schema as z.core.$ZodTypes & z.ZodType;
  const { def } = known._zod;
  switch (def.type) {
    case "string":
      return texts.filter((text) => known.safeParse(text).success);
    case "number":
      return numbers.filter((number) => known.safeParse(number).success);
    case "literal":
      return fc.constantFrom(...def.values);
    case "enum":
      return fc.constantFrom(...Object.values(def.entries));
    case "unknown":
      return fc.jsonValue();
    case "optional":
      return anyOf(def.innerType);
    case "array":
      return fc
        .array(anyOf(def.element), { maxLength: 3 })
        .filter((values) => values.length === 0 || known.safeParse(values).success);
    case "object":
      return objects(def.shape);
    case "record":
      return fc
        .dictionary(anyOf(def.keyType) as fc.Arbitrary<string>, anyOf(def.valueType), {
          maxKeys: 3,
          noNullPrototype: true,
        })
        .filter((value) => known.safeParse(value).success);
    case "union":
      return fc.oneof(...def.options.map(anyOf));
    default:
      throw new Error(`No values are known of a schema of type ${def.type}.`);
  }
}

function objects(shape: Readonly<Record<string, z.core.$ZodType>>): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape).map(([name, schema]) => [name, anyOf(schema)] as const);
  const requiredKeys = Object.keys(shape).filter((name) => shape[name]?._zod.optin !== "optional");
  return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true });
}

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", minLength: 1 }),
  fc.json({ maxDepth: 1 }),
  fc.stringMatching(/^[a-z][0-9]{1,9}$/),
  fc.constantFrom("j1", "order", "e".repeat(60), "é".repeat(200), "😀".repeat(100)),
);

const numbers = fc.oneof(
  fc.nat(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, 1, 20, Number.MAX_SAFE_INTEGER),
);

const odd = fc.oneof(
  fc.constantFrom(null, true, "", [], {}, 0, -1, 0.5, 2 ** 53, Number.POSITIVE_INFINITY, 101, 1_000_001),
  fc.constantFrom(
    "j1",
    "J1",
    "j1234567890",
    "JobCompleted",
    "claim",
    "x".repeat(201),
    "x".repeat(501),
    "__proto__",
  ),
  texts,
  numbers,
  fc.jsonValue(),
);

type Spoil = (at: Record<string, unknown> | unknown[], name: string, value: unknown) => void;

const spoils: readonly Spoil[] = [
  (at, name) => {
    if (Array.isArray(at)) at.splice(Number(name), 1);
    else delete at[name];
  },
  (at, name, value) => {
    if (Array.isArray(at)) at[Number(name)] = value;
    else at[name] = value;
  },
  (at, _, value) => {
    if (Array.isArray(at)) at.push(value);
    else define(at, typeof value === "string" ? value : "extra", value);
  },
];

/** As `JSON.parse` does it: `__proto__` is a field like any other. */
function define(at: object, name: string, value: unknown): void {
  Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The value, changed in one to three places, as `JSON.parse` would give it. */
export function spoilt(json: unknown): fc.Arbitrary<unknown> {
  const places = Array.from(placesIn(json, []));
  if (places.length === 0) return fc.constant(json);
  const change = fc.tuple(fc.constantFrom(...places), fc.constantFrom(...spoils), odd);
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(json);
    for (const [path, spoil, value] of changes) {
      let at: unknown = copy;
      for (const name of path.slice(0, -1))
        at = isHolder(at) && Object.hasOwn(at, name) ? at[name] : undefined;
      if (isHolder(at)) spoil(at, path.at(-1) ?? "", structuredClone(value));
    }
    return copy;
  });
}

function* placesIn(json: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (!isHolder(json)) return;
  for (const [name, value] of Object.entries(json)) {
    yield [...path, name];
    yield* placesIn(value, [...path, name]);
  }
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
