import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Encrypted, encryptedOf, type Payload } from "@downbeat/domain";
import { z } from "zod";
import { eachOnce } from "./each-once.ts";
import { keySecret, leastKeyBytes } from "./key-secret.ts";
import { changeList, type ListFormat, refuseOpen } from "./own-file.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import { PayloadKey, UnreadablePayload } from "./payload-cipher.ts";

const keyId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, "letters, digits, ., - and _, at most 40, no sign first");

const live = z.strictObject({
  id: keyId,
  secret: keySecret,
  /** Whose payloads it is for, as a label says it: `customer=4711`. Absent: of all runs that have no such label. */
  subject: z
    .string()
    .max(300)
    .regex(/^[^=]+=/, "a label and its value, such as customer=4711")
    .optional(),
  /** `false`: it only decrypts. Of the others of a subject, the last one in the file encrypts. */
  encrypts: z.boolean().default(true),
});

const erased = z.strictObject({ id: keyId, erasedAt: z.iso.datetime() });

const payloadKeysFile = z
  .strictObject({ keys: z.array(z.union([live, erased])).max(1_000_000) })
  .refine(({ keys }) => new Set(keys.map(({ id }) => id)).size === keys.length, {
    path: ["keys"],
    message: "two keys have one id",
  });

export type PayloadKeyEntry = z.output<typeof payloadKeysFile>["keys"][number];

/** As a key names it in its `subject`. */
export function payloadSubject(label: string, value: string): string {
  return `${label}=${value}`;
}

/** @throws Error that says what is wrong by its place, without a word of a secret */
export function parsePayloadKeys(text: string): readonly PayloadKeyEntry[] {
  const parsed = payloadKeysFile.safeParse(parseJsonFile(text));
  if (parsed.success) return parsed.data.keys;
  const said = eachOnce(parsed.error.issues).map(
    ({ path, message }) => `${path.map(String).join(".")}: ${message}`,
  );
  throw new Error(said.join("; "));
}

/** @throws Error that names the file, and holds no word of a secret */
export function readPayloadKeys(path: string): readonly PayloadKeyEntry[] {
  try {
    refuseOpen(path);
    return parsePayloadKeys(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`The payload keys in ${path} can't be used: ${(error as Error).message}.`);
  }
}

const list: ListFormat<PayloadKeyEntry> = {
  what: "payload keys",
  parse: parsePayloadKeys,
  format: (keys) => `${JSON.stringify({ keys }, undefined, 2)}\n`,
};

/**
 * One change at a time, whole or not at all. Where there is no file, it is made, for its owner alone.
 *
 * @throws Error as `changeList`
 */
export function changePayloadKeys(
  path: string,
  change: (keys: readonly PayloadKeyEntry[]) => readonly PayloadKeyEntry[],
): void {
  changeList(path, list, change);
}

export function newPayloadKey(id?: string, subject?: string, encrypts = true): PayloadKeyEntry {
  return {
    id: id ?? `k-${randomBytes(6).toString("hex")}`,
    secret: randomBytes(leastKeyBytes).toString("base64"),
    ...(subject !== undefined && { subject }),
    encrypts,
  };
}

/**
 * What is left of a key that is erased: its id, so that it is known why nobody can read what it encrypted. It no longer says whose it was.
 *
 * @param only of the subject's keys these; default: all
 */
export function erasePayloadKeys(
  keys: readonly PayloadKeyEntry[],
  subject: string,
  at: Date,
  only?: ReadonlySet<string>,
): readonly PayloadKeyEntry[] {
  return keys.map((key) =>
    "secret" in key && key.subject === subject && only?.has(key.id) !== false
      ? { id: key.id, erasedAt: at.toISOString() }
      : key,
  );
}

interface Held {
  readonly id: string;
  readonly secret: string;
  /** Made when it is first used: a file may have a key for each of a million people. */
  key?: PayloadKey;
}

/** The keys of one file, as they were when it was read. */
export class PayloadKeyRing {
  readonly #keys = new Map<string, Held>();
  readonly #erased = new Map<string, string>();
  readonly #labels = new Set<string>();
  readonly #subjects = new Map<string, string>();
  /** Of each subject those that encrypt, the newest last. */
  readonly #encrypting = new Map<string, Held[]>();

  /** @param before of the same file: what was made of keys that are as they were is used again */
  constructor(entries: readonly PayloadKeyEntry[], before?: PayloadKeyRing) {
    for (const entry of entries) {
      if ("erasedAt" in entry) {
        this.#erased.set(entry.id, entry.erasedAt);
        continue;
      }
      const { id, secret, subject = "", encrypts } = entry;
      const known = before === undefined ? undefined : before.#keys.get(id);
      const held = known?.secret === secret ? known : { id, secret };
      this.#keys.set(id, held);
      this.#subjects.set(id, subject);
      if (subject !== "") this.#labels.add(subject.slice(0, subject.indexOf("=")));
      if (!encrypts) continue;
      const others = this.#encrypting.get(subject);
      if (others === undefined) this.#encrypting.set(subject, [held]);
      else others.push(held);
    }
  }

  /** Whether runs with this label have keys of their own. */
  goesBy(label: string): boolean {
    return this.#labels.has(label);
  }

  key(id: string): PayloadKey | undefined {
    return made(this.#keys.get(id));
  }

  /** Whose the key is; empty for one that is nobody's alone, `undefined` for one that isn't here. */
  subjectOf(id: string): string | undefined {
    return this.#subjects.get(id);
  }

  /** The key that encrypts what is the subject's; of `older` 1 the one that did before, and so on. */
  encrypting(subject = "", older = 0): PayloadKey | undefined {
    return made(this.#encrypting.get(subject)?.at(-1 - older));
  }

  /** @throws UnreadablePayload */
  decrypt(encrypted: Encrypted): Payload {
    const key = this.key(encrypted.key);
    if (key !== undefined) return key.decrypt(encrypted);
    throw new UnreadablePayload(this.whyNot(encrypted.key));
  }

  /** What a payload says, or itself where it isn't encrypted, or not by a key that is here. */
  readable(payload: Payload): Payload {
    const encrypted = encryptedOf(payload);
    try {
      return encrypted === undefined ? payload : this.decrypt(encrypted);
    } catch {
      return payload;
    }
  }

  /** Why nothing can be done with a key that isn't here. */
  whyNot(id: string): string {
    const at = this.#erased.get(id);
    return at === undefined
      ? `Its key ${id} is not among the keys here.`
      : `Its key ${id} was erased on ${at.slice(0, 10)}: nobody can read it any more.`;
  }
}

function made(held: Held | undefined): PayloadKey | undefined {
  if (held !== undefined) held.key ??= new PayloadKey(held.id, Buffer.from(held.secret, "base64"));
  return held?.key;
}
