import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { eachOnce } from "./each-once.ts";
import { keySecret } from "./key-secret.ts";
import { refuseOpen } from "./own-file.ts";
import { parseJsonFile } from "./parse-json-file.ts";
import type { RecordProof } from "./record-proof.ts";
import { type Seals, sealsOf } from "./seals.ts";

/** More of them belong to no history that anybody keeps. */
const mostKeys = 50;

const recordKey = z.strictObject({
  /** Stands beside each record that it signs. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "letters, digits, - and _, at most 40"),
  secret: keySecret,
  /** What engines write from now on is signed with it. */
  signs: z.boolean().default(false),
});

/** The file of keys, as `downbeat keys new` makes it. */
export const recordKeysFile = z
  .strictObject({
    /**
     * What isn't signed: `untilSigned` counts in each partition until its first signed record does, for a log that was there before; `never` for one that was
     * begun with keys.
     */
    unsigned: z.enum(["untilSigned", "never"]).default("untilSigned"),
    keys: z.array(recordKey).min(1).max(mostKeys),
  })
  .refine(({ keys }) => new Set(keys.map(({ id }) => id)).size === keys.length, {
    path: ["keys"],
    message: "two keys have one id",
  })
  .refine(({ keys }) => keys.filter(({ signs }) => signs).length <= 1, {
    path: ["keys"],
    message: "only one of them signs",
  });

export type RecordKeysFile = z.output<typeof recordKeysFile>;

/** What is signed of a record beside its content: with it, it is known where it belongs even when it can't be read any more. */
export interface SignedLink {
  readonly id: string;
  /** See {@link followedBy}. */
  readonly follows: string;
}

/** What a record comes after: the id of the one that it builds on, and of a claim the epoch before. */
export function followedBy(record: Followed): string {
  return record.kind === "claim" ? epochBefore(record.epoch - 1) : record.prev;
}

/**
 * A claim that is next, and signed with a key that this reader lacks: what is decided under it counts for others, and for nobody here. A copy of an older one is
 * not next, so it says nothing.
 *
 * @returns the id of the key
 */
export function lackedKey({ epoch }: { readonly epoch: number }, proof?: RecordProof): string | undefined {
  if (proof?.is !== "forged" || proof.lacks === undefined) return undefined;
  return epoch === 0 || proof.lacks.follows === epochBefore(epoch) ? proof.lacks.keyId : undefined;
}

/** @param epoch of the claim that counts, after which another one comes */
export function epochBefore(epoch: number): string {
  return `epoch ${epoch}`;
}

type Followed =
  | { readonly kind: "claim"; readonly epoch: number }
  | { readonly kind: "decisions"; readonly prev: string };

/**
 * Properties of the message of a signed record, beside `RecordProperties`: `follows`; `sha`, the SHA-256 of its payload, base64url; `mac`, the id of the key, a
 * full stop, and the MAC, base64url. Of a claim also `vouched`, where the file has more keys: by each of them, that `mac` is of the key which it names, as in
 * `mac`, with blanks between. So who lacks that key and has another one knows that it lacks it.
 */
type SignedProperties = Readonly<Record<string, string>>;

interface Message {
  readonly payload: Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
}

/** As the history of one namespace needs them. Topics without their namespace: `history-partition-0`. */
export interface HistoryKeys {
  /** Whether there is a key that signs. */
  readonly signs: boolean;
  /** @returns nothing where no key signs */
  sign(topic: string, link: SignedLink, payload: Uint8Array): SignedProperties;
  check(topic: string, message: Message): RecordProof;
  /** As {@link check}; `undefined` of other topics. */
  proofOf(topic: string, message: Message): RecordProof | undefined;
}

const historyPartition = /^history-partition-\d+$/;

/** Signs and checks the records of one history topic after another. */
export class RecordKeys {
  readonly #secrets = new Map<string, KeyObject>();
  readonly signingId: string | undefined;
  /** Nothing that isn't signed counts: whoever can't sign has nothing to write. */
  readonly isNeverUnsigned: boolean;
  /** Changes with the keys, and says nothing of them: for what was read by other keys. */
  readonly fingerprint: string;

  readonly #file: RecordKeysFile;

  constructor(file: RecordKeysFile) {
    const { unsigned, keys } = file;
    this.#file = file;
    this.isNeverUnsigned = unsigned === "never";
    for (const { id, secret } of keys) this.#secrets.set(id, createSecretKey(secret, "base64"));
    this.signingId = keys.find(({ signs }) => signs)?.id;
    const known = keys.map(({ id, secret }) => [id, sha256(Buffer.from(secret, "base64"))]).sort();
    this.fingerprint = createHash("sha256")
      .update(JSON.stringify([unsigned, known]))
      .digest("hex")
      .slice(0, 12);
  }

  /** With its secrets: for another thread of this process, which must not read another file than this one did. */
  get file(): RecordKeysFile {
    return this.#file;
  }

  get ids(): readonly string[] {
    return [...this.#secrets.keys()];
  }

  /** @param namespace `tenant/namespace` */
  of(namespace: string): HistoryKeys {
    const check = (topic: string, message: Message) => this.#check(`${namespace}/${topic}`, message);
    return {
      signs: this.signingId !== undefined,
      sign: (topic, link, payload) => this.#sign(`${namespace}/${topic}`, link, payload),
      check,
      proofOf: (topic, message) => (historyPartition.test(topic) ? check(topic, message) : undefined),
    };
  }

  /** For what servers say beside history. @param namespace `tenant/namespace` */
  sealsOf(namespace: string): Seals {
    return sealsOf({ secrets: this.#secrets, signingId: this.signingId }, namespace);
  }

  #sign(topic: string, link: SignedLink, payload: Uint8Array): SignedProperties {
    const secret = this.signingId === undefined ? undefined : this.#secrets.get(this.signingId);
    if (secret === undefined) return {};
    const sha = sha256(payload);
    const mac = macOf(secret, topic, link, sha).toString("base64url");
    const vouched = isClaim(link) ? this.#vouched(topic, link, sha, this.signingId ?? "") : "";
    return {
      follows: link.follows,
      sha,
      mac: `${this.signingId}.${mac}`,
      ...(vouched !== "" && { vouched }),
    };
  }

  #vouched(topic: string, link: SignedLink, sha: string, signer: string): string {
    return [...this.#secrets]
      .filter(([id]) => id !== signer)
      .map(([id, secret]) => `${id}.${macOf(secret, topic, link, sha, signer).toString("base64url")}`)
      .join(" ");
  }

  #isVouchedFor(topic: string, link: SignedLink, sha: string, signer: string, vouched = ""): boolean {
    if (!isClaim(link)) return false;
    return vouched
      .split(" ", mostKeys)
      .map((each) => each.split(".", 2))
      .some(([id = "", mac = ""]) => {
        const secret = this.#secrets.get(id);
        return secret !== undefined && isMac(mac, macOf(secret, topic, link, sha, signer));
      });
  }

  #check(topic: string, { payload, properties = {} }: Message): RecordProof {
    const { id = "", follows = "", sha = "", mac, vouched } = properties;
    if (mac === undefined)
      return this.isNeverUnsigned ? { is: "forged", why: "it is not signed" } : { is: "unsigned" };
    const [keyId = "", text = ""] = mac.split(".", 2);
    const secret = this.#secrets.get(keyId);
    const link = { id, follows };
    if (secret === undefined)
      return {
        is: "forged",
        why: `it is signed with a key that isn't known here: ${JSON.stringify(keyId.slice(0, 40))}`,
        ...(this.#isVouchedFor(topic, link, sha, keyId, vouched) && { lacks: { keyId, follows } }),
      };
    if (!isMac(text, macOf(secret, topic, link, sha)))
      return { is: "forged", why: "its signature is not that of what it says, where it stands" };
    return { is: sha === sha256(payload) ? "signed" : "altered", link, keyId };
  }
}

/** @throws Error with one sentence that says what is wrong, and no word of a secret */
export function readRecordKeys(path: string): RecordKeys {
  try {
    refuseOpen(path);
    const parsed = recordKeysFile.safeParse(parseJsonFile(readFileSync(path, "utf8")));
    if (parsed.success) return new RecordKeys(parsed.data);
    const said = eachOnce(parsed.error.issues).map(
      ({ path: at, message }) => `${at.map(String).join(".")}: ${message}`,
    );
    throw new Error(said.join("; "));
  } catch (error) {
    throw new Error(`The record keys in ${path} can't be used: ${(error as Error).message}.`);
  }
}

/**
 * HMAC-SHA-256 (RFC 2104). An array as JSON can be read in one way only.
 *
 * @param signer says who has signed it, and doesn't sign it
 */
function macOf(
  secret: KeyObject,
  topic: string,
  { id, follows }: SignedLink,
  sha: string,
  signer?: string,
): Buffer {
  const said =
    signer === undefined
      ? ["downbeat record 1", topic, id, follows, sha]
      : ["downbeat signer 1", topic, id, follows, sha, signer];
  return createHmac("sha256", secret).update(JSON.stringify(said)).digest();
}

function isMac(text: string, expected: Buffer): boolean {
  const given = Buffer.from(text, "base64url");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isClaim({ follows }: SignedLink): boolean {
  return follows.startsWith("epoch ");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
