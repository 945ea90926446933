const payloads: ReadonlySet<string> = new Set(["input", "output", "payload", "details"]);
/** JSON text, as a payload is. */
const instead = JSON.stringify("Not shown to your role.");

/** The same with every payload of a business left out: inputs, outputs, what signals carry, details of errors. */
export function withoutPayloads<T>(value: T): T {
  return left(value) as T;
}

function left(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(left);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    payloads.has(name) && typeof field === "string" ? instead : left(field),
  ]);
  return Object.fromEntries(fields);
}
