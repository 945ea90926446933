import { encryptedOf, type Labels, maxPayloadBytes, type Payload, utf8Length } from "@downbeat/domain";
import {
  mostEncryptable,
  type PayloadKey,
  type PayloadKeyFile,
  type PayloadUse,
  payloadSubject,
} from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";

const said = "what you give would stand in the log for everybody to read";

/** Payloads that workers and clients encrypt, as a server reads and writes them: with the keys that it was given, or not at all. */
export class RunPayloads {
  readonly #keys: PayloadKeyFile | undefined;

  constructor(keys: PayloadKeyFile | undefined) {
    this.#keys = keys;
  }

  get hasKeys(): boolean {
    return this.#keys !== undefined;
  }

  /** As it was before it was encrypted; as it is, where this server can't tell. */
  readonly readable = (payload: Payload): Payload => {
    if (encryptedOf(payload) === undefined) return payload;
    try {
      return this.#keys?.ring.readable(payload) ?? payload;
    } catch {
      return payload;
    }
  };

  /**
   * What somebody gives a run, as it goes to the log.
   *
   * @param like a payload of the run; what is given is encrypted as that is
   * @throws ApiError where that can't be
   */
  given(payload: Payload, like: Payload | undefined): Payload {
    const encrypted = like === undefined ? undefined : encryptedOf(like);
    // Sent back as it was shown.
    if (encrypted === undefined || encryptedOf(payload) !== undefined) return payload;
    const { key: id } = encrypted;
    if (this.#keys === undefined)
      throw new ApiError(
        "badInput",
        `The payloads of this run are encrypted with key ${id}, and this server has no keys: ${said}.`,
      );
    const { ring } = this.#keys;
    const subject = ring.subjectOf(id);
    if (subject === undefined)
      throw new ApiError("badInput", `It can't be encrypted as the run's other payloads. ${ring.whyNot(id)}`);
    return sealed(ring.encrypting(subject), subject, payload);
  }

  /**
   * What a run is started with: encrypted, where this server has keys.
   *
   * @throws ApiError where that can't be
   */
  start(payload: Payload, runId: string, labels: Labels = {}): Payload {
    if (this.#keys === undefined || encryptedOf(payload) !== undefined) return payload;
    const { ring } = this.#keys;
    const [subject = ""] = Object.entries(labels)
      .filter(([name]) => ring.goesBy(name))
      .map(([name, value]) => payloadSubject(name, value));
    return sealed(ring.encrypting(subject), subject, payload, { startOf: runId });
  }
}

function sealed(key: PayloadKey | undefined, subject: string, payload: Payload, use?: PayloadUse): Payload {
  if (key === undefined) {
    const whose = subject === "" ? "for runs that have no key of their own" : `for ${subject}`;
    throw new ApiError(
      "badInput",
      `It can't be encrypted: this server has no key ${whose}, and ${said}. Make one: downbeat payload-keys new.`,
    );
  }
  const bytes = utf8Length(payload);
  const most = mostEncryptable(maxPayloadBytes);
  if (bytes > most)
    throw new ApiError(
      "badInput",
      `It is ${bytes} bytes of JSON; the limit of what is encrypted is ${most}.`,
    );
  return key.encrypt(payload, use);
}
