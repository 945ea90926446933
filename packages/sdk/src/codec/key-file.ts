import {
  changePayloadKeys,
  newPayloadKey,
  type PayloadKey,
  PayloadKeyFile,
  PayloadKeyRing,
  parsePayloadKeys,
  patiently,
  UnreadablePayload,
} from "@downbeat/protocol";
import { z } from "zod";
import { checkOptions } from "../options/check-options.ts";
import type { FoundPayloadKey, PayloadKeys } from "./aes-codec.ts";
import { environmentText } from "./env.ts";

export interface KeyFileOptions {
  /** Makes a key for a subject that has none, and writes it into the file: which all workers and clients must see, as on a shared volume. Default `false`. */
  readonly create?: boolean | undefined;
}

const options = z.strictObject(
  { create: z.boolean({ error: "it is true or false" }).optional() },
  { error: "they are an object" },
);

/**
 * Keys from a file, as `downbeat payload-keys new` makes it. It is read again when it has changed.
 *
 * @throws Error that names the file, when it can't be read or used
 */
export function keysFromFile(path: string, given: KeyFileOptions = {}): PayloadKeys {
  const { create = false } = checkOptions("keysFromFile()", options, given);
  return new KeyFile(path, create);
}

/**
 * Keys from an environment variable that holds what such a file does.
 *
 * @throws Error that names the variable, when it is not set or can't be used
 */
export function keysFromEnvironment(variable = "DOWNBEAT_PAYLOAD_KEYS"): PayloadKeys {
  const text = environmentText(variable);
  if (text === undefined) throw new Error(`${variable} is not set: it holds the payload keys.`);
  try {
    return keysOf(new PayloadKeyRing(parsePayloadKeys(text)));
  } catch (error) {
    throw new Error(`The payload keys in ${variable} can't be used: ${(error as Error).message}.`);
  }
}

function keysOf(ring: PayloadKeyRing): PayloadKeys {
  return {
    encrypting: (subject, older) => ring.encrypting(subject, older),
    find: (id) => found(ring, id),
  };
}

function found(ring: PayloadKeyRing, id: string): FoundPayloadKey {
  const key = ring.key(id);
  if (key === undefined) throw new UnreadablePayload(ring.whyNot(id));
  const subject = ring.subjectOf(id);
  return { key, ...(subject !== "" && { subject }) };
}

class KeyFile implements PayloadKeys {
  readonly #file: PayloadKeyFile;
  readonly #creates: boolean;

  constructor(path: string, creates: boolean) {
    this.#file = new PayloadKeyFile(path);
    this.#creates = creates;
  }

  encrypting(
    subject: string | undefined,
    older: number,
  ): PayloadKey | undefined | Promise<PayloadKey | undefined> {
    const key = this.#file.ring.encrypting(subject, older);
    if (key !== undefined || older > 0 || subject === undefined || !this.#creates) return key;
    return this.#created(subject);
  }

  find(id: string): FoundPayloadKey {
    return found(this.#file.ring, id);
  }

  async #created(subject: string): Promise<PayloadKey | undefined> {
    await patiently(() =>
      changePayloadKeys(this.#file.path, (keys) =>
        // Somebody else may have made it a moment ago.
        keys.some((each) => "secret" in each && each.subject === subject && each.encrypts)
          ? keys
          : [...keys, newPayloadKey(undefined, subject)],
      ),
    );
    return this.#file.ring.encrypting(subject);
  }
}
