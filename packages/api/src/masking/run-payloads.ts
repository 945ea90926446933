import {
  type Encrypted,
  encryptedOf,
  isEncrypted,
  type Labels,
  maxPayloadBytes,
  type Payload,
  utf8Length,
} from "@downbeat/domain";
import {
  mostEncryptable,
  type PayloadKey,
  type PayloadKeyFile,
  type PayloadUse,
  payloadSubject,
} from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";

const said = "what you give would be in the log for everybody to read";

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
   * @throws ApiError where that can't be
   */
  given(payload: Payload, { like, asItIs }: Beside): Payload {
    const encrypted = encryptedLike(payload, { like, asItIs });
    if (encrypted === undefined) return payload;
    const { key: id } = encrypted;
    const { ring } = this.#keysFor(id);
    const subject = ring.subjectOf(id);
    if (subject === undefined)
      throw new ApiError("badInput", `It can't be encrypted as the run's other payloads. ${ring.whyNot(id)}`);
    return sealed(ring.encrypting(subject), subject, payload);
  }

  /**
   * What is kept of a start, for everybody to read, is nothing that a run would have encrypted.
   *
   * @throws ApiError where it is
   */
  requireClear(payload: Payload, like: Payload | undefined): void {
    if (encryptedLike(payload, { like }) === undefined) return;
    throw new ApiError(
      "badInput",
      "Runs of this workflow are started with an encrypted input. A saved one would be in the log for everybody to read, so it is not saved.",
    );
  }

  /**
   * What a run is started with, with the key of its labels.
   *
   * @throws ApiError where that can't be
   */
  start(payload: Payload, { runId, labels = {}, before, ...beside }: Start): Payload {
    const encrypted = encryptedLike(payload, beside);
    if (encrypted === undefined) return payload;
    const { ring } = this.#keysFor(encrypted.key);
    const use = { startOf: runId };
    const earlier = before === undefined ? undefined : encryptedOf(before);
    const again = earlier === undefined ? undefined : ring.key(earlier.key)?.encrypt(payload, use);
    // The same start, sent before the key was changed.
    if (again !== undefined && encryptedOf(again)?.same === earlier?.same) return again;
    const [subject = ""] = Object.entries(labels)
      .filter(([name]) => ring.goesBy(name))
      .map(([name, value]) => payloadSubject(name, value));
    return sealed(ring.encrypting(subject), subject, payload, use);
  }

  #keysFor(id: string): PayloadKeyFile {
    if (this.#keys !== undefined) return this.#keys;
    throw new ApiError(
      "badInput",
      `The payloads of this run are encrypted with key ${id}, and this server has no keys: ${said}.`,
    );
  }
}

/** What is known of the place that something is given for. */
interface Beside {
  /** What is given is encrypted where this is. */
  readonly like: Payload | undefined;
  /** What stands in that very place: sent back, it stays as it is. */
  readonly asItIs?: Payload | undefined;
}

interface Start extends Beside {
  readonly runId: string;
  readonly labels?: Labels | undefined;
  /** What a run of this id was started with. */
  readonly before?: Payload | undefined;
}

/** Nothing where the payload goes to the log as it is. */
function encryptedLike(payload: Payload, { like, asItIs }: Beside): Encrypted | undefined {
  if (payload === asItIs && isEncrypted(payload)) return undefined;
  // A server that has the keys would show it to whoever may see this run, whatever is masked where it is from.
  if (holdsEncrypted(payload))
    throw new ApiError(
      "badInput",
      "It holds an encrypted payload, which is taken only where it stands already: give what it says. A run is started again with what it was started with by Run again.",
    );
  return like === undefined ? undefined : encryptedOf(like);
}

/** However it is spaced and escaped, and wherever in it: code may pass on a part of what it is given. */
function holdsEncrypted(payload: Payload): boolean {
  return /encrypted|\\u/.test(payload) && holds(JSON.parse(payload));
}

function holds(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ("$encrypted" in value && isEncrypted(JSON.stringify(value))) || Object.values(value).some(holds);
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
