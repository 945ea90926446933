import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { type Encrypted, encryptedPayload, orderedText, type Payload } from "@downbeat/domain";

const payloadAlgorithm = "A256GCM";

const nonceBytes = 12;
const tagBytes = 16;
const sameBytes = 16;

/** What is said of a payload beside its value, and can't be changed without it being noticed. */
export interface PayloadUse {
  /** Of the input that a run is started with: the run's id. A start of that id with that value is known again by it. */
  readonly startOf?: string | undefined;
  readonly of?: "error" | undefined;
}

/** Why a payload can't be read. The message is a sentence without what is in it. */
export class UnreadablePayload extends Error {
  override readonly name = "UnreadablePayload";
}

/** One key, as a file or a key service gives it. */
export class PayloadKey {
  readonly id: string;
  readonly #cipher: KeyObject;
  readonly #same: KeyObject;

  /** @param secret at least 32 bytes that nobody can guess */
  constructor(id: string, secret: Uint8Array) {
    this.id = id;
    // One secret for each use (RFC 5869): what a key says of two equal inputs tells nothing of the one that encrypts.
    this.#cipher = derived(secret, "downbeat payload 1");
    this.#same = derived(secret, "downbeat same input 1");
  }

  /**
   * AES-256-GCM. Nonces are random (NIST SP 800-38D, 8.2.2), so one key is for 2^32 payloads.
   *
   * @param payload JSON text
   */
  encrypt(payload: Payload, { startOf, of }: PayloadUse = {}): Payload {
    const same = startOf === undefined ? undefined : this.#sameOf(startOf, payload);
    const nonce = randomBytes(nonceBytes);
    const known = { v: 1, alg: payloadAlgorithm, key: this.id, ...optional(same, of) } as const;
    const cipher = createCipheriv("aes-256-gcm", this.#cipher, nonce, { authTagLength: tagBytes });
    cipher.setAAD(boundTo(known));
    const data = Buffer.concat([cipher.update(payload, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return encryptedPayload({
      ...known,
      nonce: nonce.toString("base64url"),
      data: data.toString("base64url"),
    });
  }

  /** @throws UnreadablePayload for what was not encrypted with this key, or is not as it was */
  decrypt(encrypted: Encrypted): Payload {
    const nonce = Buffer.from(encrypted.nonce, "base64url");
    const data = Buffer.from(encrypted.data, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#cipher, nonce, { authTagLength: tagBytes });
      decipher.setAAD(boundTo(encrypted));
      decipher.setAuthTag(data.subarray(-tagBytes));
      const payload = Buffer.concat([decipher.update(data.subarray(0, -tagBytes)), decipher.final()]);
      return payload.toString("utf8");
    } catch {
      throw new UnreadablePayload(
        `It is not what key ${encrypted.key} encrypted: it was changed, or the key is another one of that id.`,
      );
    }
  }

  /** HMAC-SHA-256, cut to 128 bits, with the id of the run: equal inputs of two runs can't be told to be equal. */
  #sameOf(runId: string, payload: Payload): string {
    const said = JSON.stringify([runId, orderedText(payload)]);
    return createHmac("sha256", this.#same)
      .update(said)
      .digest()
      .subarray(0, sameBytes)
      .toString("base64url");
  }
}

/** Bytes of JSON that can be encrypted so that an envelope of so many bytes holds them, whatever the id of the key. */
export function mostEncryptable(envelopeBytes: number): number {
  const around = 350;
  return Math.floor((envelopeBytes - around) / 4) * 3 - tagBytes;
}

function optional(same: string | undefined, of: "error" | undefined) {
  return { ...(same !== undefined && { same }), ...(of !== undefined && { of }) };
}

/** An array as JSON can be read in one way only. */
function boundTo({ v, alg, key, same, of }: Pick<Encrypted, "v" | "alg" | "key" | "same" | "of">): Buffer {
  return Buffer.from(JSON.stringify(["downbeat payload", v, alg, key, same ?? "", of ?? ""]));
}

function derived(secret: Uint8Array, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", secret, "", use, 32)));
}
