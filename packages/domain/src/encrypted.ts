import type { Payload } from "./payload.ts";

/**
 * What stands in the place of a payload that whoever wrote it has encrypted. As a payload it is an object with the one name `$encrypted`: no value of a user's
 * is taken for one, since what is encrypted is any value, and what isn't may not look so.
 */
export interface Encrypted {
  readonly v: 1;
  /** `A256GCM`, or what a codec of the user's own calls its own. */
  readonly alg: string;
  /** Id of the key. */
  readonly key: string;
  /** base64url, as `data` */
  readonly nonce: string;
  readonly data: string;
  /** Of a run's input: the same of the same value for a run of the same id, and says nothing else of it. */
  readonly same?: string;
  /** `error`: the message and stack of a failure, beside its details. */
  readonly of?: "error";
}

const beginning = '{"$encrypted":{';
const name = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;
const base64url = /^[A-Za-z0-9_-]*$/;
const known: ReadonlySet<string> = new Set(["v", "alg", "key", "nonce", "data", "same", "of"]);

export function isEncrypted(payload: Payload): boolean {
  return encryptedOf(payload) !== undefined;
}

/** `undefined` for any other payload. */
export function encryptedOf(payload: Payload): Encrypted | undefined {
  // Only as it is written here: most payloads cost one look at their first characters.
  if (!payload.startsWith(beginning)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const { $encrypted: inside, ...others } = json as { readonly $encrypted: object | null };
  return Object.keys(others).length === 0 && isOne(inside) ? inside : undefined;
}

/** @throws RangeError for what nobody would take for one */
export function encryptedPayload({ v, alg, key, nonce, data, same, of }: Encrypted): Payload {
  const inside = {
    v,
    alg,
    key,
    nonce,
    data,
    ...(same !== undefined && { same }),
    ...(of !== undefined && { of }),
  };
  if (!isOne(inside))
    throw new RangeError("alg and key are names of at most 100 characters; nonce and data are base64url");
  return JSON.stringify({ $encrypted: inside });
}

function isOne(inside: object | null): inside is Encrypted {
  // Named twice, it may be anything.
  if (typeof inside !== "object" || inside === null) return false;
  const { v, alg, key, nonce, data, same = "", of } = inside as Readonly<Record<string, unknown>>;
  return (
    v === 1 &&
    [alg, key].every((each) => typeof each === "string" && name.test(each)) &&
    [nonce, data, same].every((each) => typeof each === "string" && base64url.test(each)) &&
    (of === undefined || of === "error") &&
    Object.keys(inside).every((each) => known.has(each))
  );
}
