import { encryptedOf } from "@downbeat/domain";
import { type PayloadKey, payloadSubject, UnreadablePayload } from "@downbeat/protocol";
import { z } from "zod";
import { checkOptions } from "../options/check-options.ts";
import { oneOf, shortText } from "../options/fields.ts";
import { field } from "../thrown/careful.ts";
import type { PayloadAbout, PayloadCodec } from "./payload-codec.ts";

/** A key that is there, and whose it is. */
export interface FoundPayloadKey {
  readonly key: PayloadKey;
  /** As a label says it: `customer=4711`. Absent: of all runs that have no such label. */
  readonly subject?: string | undefined;
}

/** Where keys come from: `keysFromFile()`, `keysFromEnvironment()`, or a key service of your own. */
export interface PayloadKeys {
  /**
   * The key by which payloads of the subject are encrypted; nothing where there is none.
   *
   * @param older 1: the one that did before; 2: the one before that; and so on
   */
  encrypting(
    subject: string | undefined,
    older: number,
  ): PayloadKey | undefined | Promise<PayloadKey | undefined>;
  /** @throws UnreadablePayload with a sentence, for one that is gone for good; another error for a service that doesn't answer */
  find(id: string): FoundPayloadKey | Promise<FoundPayloadKey>;
}

export interface AesCodecOptions {
  readonly keys: PayloadKeys;
  /** Runs that have this label are encrypted with a key of its value, which can be erased by itself. Default: one key for all. */
  readonly label?: string | undefined;
  /** `encrypted`: messages and stacks of errors too, which may quote what they were given. Default `readable`. */
  readonly errors?: "readable" | "encrypted" | undefined;
}

const keys = z.custom<PayloadKeys>(
  (value) => ["encrypting", "find"].every((name) => typeof field(value, name) === "function"),
  { error: "they are what keysFromFile() gives, or an object with encrypting() and find()" },
);

const aesOptions = z.strictObject(
  { keys, label: shortText(60).optional(), errors: oneOf("readable", "encrypted").optional() },
  { error: "they are an object" },
);

/**
 * Encrypts payloads with AES-256-GCM: give it to `connect({ codec })` of all workers and clients.
 *
 * @throws TypeError or RangeError for an option that can't be taken
 */
export function aesCodec(options: AesCodecOptions): PayloadCodec {
  const { label, errors } = checkOptions("aesCodec()", aesOptions, options);
  const from = options.keys;
  return {
    errors,
    encode: async (payload, about) => {
      const subject = await subjectOf(from, label, about);
      const key = await from.encrypting(subject, about.older ?? 0);
      if (key === undefined) throw new UnreadablePayload(noKey(subject));
      const { isStart, runId, of } = about;
      return key.encrypt(payload, { of, ...(isStart === true && of === undefined && { startOf: runId }) });
    },
    decode: async (payload) => {
      const encrypted = encryptedOf(payload);
      if (encrypted === undefined) return payload;
      const { key } = await from.find(encrypted.key);
      return key.decrypt(encrypted);
    },
  };
}

async function subjectOf(
  from: PayloadKeys,
  label: string | undefined,
  { labels, hasAllLabels, like, runId }: PayloadAbout,
): Promise<string | undefined> {
  const encrypted = like === undefined ? undefined : encryptedOf(like);
  if (encrypted !== undefined) return (await from.find(encrypted.key)).subject;
  if (label === undefined) return undefined;
  const value = labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : undefined;
  if (typeof value === "string") return payloadSubject(label, value);
  // A run that is known, and has no such label.
  if (value === null || hasAllLabels === true || like !== undefined) return undefined;
  const name = JSON.stringify(label);
  throw new UnreadablePayload(
    `Whose key is to encrypt it isn't known: this client has not started the run. Say its label ${name}, as in client.run(${JSON.stringify(runId)}, { labels: { ${name}: "…" } }), with null where it has none.`,
  );
}

function noKey(subject: string | undefined): string {
  const whose = subject === undefined ? "for runs that have no key of their own" : `for ${subject}`;
  return `There is no key ${whose} that encrypts.`;
}
