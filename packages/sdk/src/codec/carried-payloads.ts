import type { Failure, Payload } from "@downbeat/domain";

const names: ReadonlySet<string> = new Set(["input", "output", "payload", "details"]);

interface Changes {
  readonly payload: (payload: Payload, name: string) => Promise<Payload>;
  readonly failure: (failure: Failure) => Promise<Failure>;
}

interface Carrier {
  readonly failure?: Failure | undefined;
  readonly decisions?: readonly object[] | undefined;
}

/** The payloads of a command, a decision or an event have the same names in each of them. */
export async function withPayloads<T extends object>(carrier: T, changes: Changes): Promise<T> {
  const changed: [string, unknown][] = [];
  for (const [name, value] of Object.entries(carrier))
    if (names.has(name) && typeof value === "string")
      changed.push([name, await changes.payload(value, name)]);
  const { failure, decisions } = carrier as Carrier;
  if (failure !== undefined) changed.push(["failure", await changes.failure(failure)]);
  if (decisions !== undefined) {
    const each: object[] = [];
    for (const decision of decisions) each.push(await withPayloads(decision, changes));
    changed.push(["decisions", each]);
  }
  // Texts for texts, and what has a type for what has the same.
  return changed.length === 0 ? carrier : ({ ...carrier, ...Object.fromEntries(changed) } as T);
}

/** Whether one of its payloads may be encrypted: the shape of an envelope is looked for by whoever reads it. */
export function mayBeEncrypted(carrier: object): boolean {
  for (const [name, value] of Object.entries(carrier)) {
    if (names.has(name) && typeof value === "string" && isEnvelope(value)) return true;
    if (name === "failure" && typeof value === "object" && value !== null)
      return JSON.stringify(value).includes("$encrypted");
  }
  return false;
}

function isEnvelope(payload: Payload): boolean {
  return payload.startsWith('{"$encrypted":');
}
