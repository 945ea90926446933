import { statSync } from "node:fs";
import { z } from "zod";
import { PayloadKeyRing, readPayloadKeys } from "./payload-keys.ts";

/** The environment variable by which servers are told of the file of keys: who may see payloads then sees them as they were before they were encrypted. */
export const payloadKeysVariables = { DOWNBEAT_PAYLOAD_KEYS_FILE: z.string().min(1).optional() } as const;

/** Keys in a file that is read again when it has changed: one that was erased must not go on where it was read before. */
export class PayloadKeyFile {
  readonly path: string;
  #ring: PayloadKeyRing;
  #version: string;

  /** @throws Error as `readPayloadKeys` */
  constructor(path: string) {
    this.path = path;
    // First: what changes while it is read is read again.
    this.#version = this.#stat();
    this.#ring = new PayloadKeyRing(readPayloadKeys(path));
  }

  /** @throws Error as `readPayloadKeys`, or where there is no file any more */
  get ring(): PayloadKeyRing {
    const version = this.#stat();
    if (version !== this.#version) {
      this.#ring = new PayloadKeyRing(readPayloadKeys(this.path), this.#ring);
      this.#version = version;
    }
    return this.#ring;
  }

  #stat(): string {
    const { ino, size, mtimeMs } = statSync(this.path, { throwIfNoEntry: false }) ?? {};
    return `${ino}/${size}/${mtimeMs}`;
  }
}
