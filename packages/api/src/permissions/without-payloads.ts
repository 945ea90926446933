import { may, type Role } from "./policy.ts";

const payloads: ReadonlySet<string> = new Set(["input", "output", "payload", "details"]);
/** Names here are people's own. */
const asTheyAre: ReadonlySet<string> = new Set(["labels"]);

export const notShown = "Not shown to your role.";
/** JSON text, as a payload is. */
const instead = JSON.stringify(notShown);

/** As much of an answer as the role may see. */
export function shownTo<T>(role: Role, value: T): T {
  return may(role, "seePayloads") ? value : withoutPayloads(value);
}

/** The same with every payload of a business left out: inputs, outputs, what signals carry, details of errors. */
export function withoutPayloads<T>(value: T): T {
  return left(value) as T;
}

function left(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(left);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    asTheyAre.has(name) ? field : payloads.has(name) && typeof field === "string" ? instead : left(field),
  ]);
  return Object.fromEntries(fields);
}
