import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  encryptedOf,
  type Failure,
  isEncrypted,
  maxPayloadBytes,
  type Payload,
  payloadProblem,
  type RunCommand,
  type RunDecision,
  utf8Length,
} from "@downbeat/domain";
import { mostEncryptable, type RecordedEvent, UnreadablePayload } from "@downbeat/protocol";
import { failure } from "../failure.ts";
import { PayloadError } from "../payload.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { mayBeEncrypted, withPayloads } from "./carried-payloads.ts";
import { decryptedFailure, encryptedFailure, withEncryptedDetails } from "./encrypted-failure.ts";
import type { PayloadAbout, PayloadCodec } from "./payload-codec.ts";

/** A payload of the run can't be read here, now or ever. The message is a sentence for whoever looks after the run. */
export class PayloadUnreadableError extends Error {
  override readonly name = "PayloadUnreadableError";
}

const waitsMs: readonly number[] = [100, 1_000];

const words: Readonly<Record<string, string>> = {
  input: "The input",
  output: "The output",
  payload: "The payload of the signal",
  details: "What is told of the progress",
};

/** Encrypts what leaves this process for the log, and decrypts what comes from there, where there is a codec. */
export class Payloads {
  readonly #codec: PayloadCodec | undefined;

  constructor(codec: PayloadCodec | undefined) {
    this.#codec = codec;
  }

  /** Whether something is done with what leaves this process. */
  get encrypts(): boolean {
    return this.#codec !== undefined;
  }

  /**
   * What the log holds, as it was before it was encrypted.
   *
   * @throws PayloadUnreadableError where it will be no different the next time; what the codec throws otherwise
   */
  async plain(payload: Payload): Promise<Payload> {
    const encrypted = encryptedOf(payload);
    if (encrypted === undefined) return payload;
    const { key } = encrypted;
    if (this.#codec === undefined)
      throw new PayloadUnreadableError(
        `It is encrypted with key ${key}, and this process has no codec: give connect() the one that it was encrypted with.`,
      );
    const codec = this.#codec;
    try {
      const plain: unknown = await patiently(() => codec.decode(payload));
      if (typeof plain !== "string") throw new TypeError("decode() gave no text");
      JSON.parse(plain);
      return plain;
    } catch (error) {
      if (error instanceof UnreadablePayload)
        throw new PayloadUnreadableError(`It is encrypted with key ${key}. ${error.message}`);
      throw error;
    }
  }

  async plainFailure(failure: Failure): Promise<Failure> {
    return decryptedFailure(failure, (payload) => this.plain(payload));
  }

  /** As {@link plainFailure}; what can't be read is left out. */
  async shownFailure(failure: Failure): Promise<Failure> {
    try {
      return await this.plainFailure(failure);
    } catch {
      const { details: _, causes = [], ...others } = failure;
      return { ...others, causes: causes.map(({ details: __, ...cause }) => cause) };
    }
  }

  /** For people: what can't be read stays as it is. */
  async shownEvents(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return Promise.all(
      events.map(async (recorded) => {
        if (!mayBeEncrypted(recorded.event)) return recorded;
        const event = await this.#plainEvent(recorded.event, recorded.seq).catch(() => recorded.event);
        return { ...recorded, event };
      }),
    );
  }

  /**
   * For the code of the run.
   *
   * @throws as {@link plain}; the message says which event
   */
  async plainEvents(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    if (!events.some(({ event }) => isForCode(event))) return events;
    const plain: RecordedEvent[] = [];
    for (const recorded of events) {
      const { event, seq } = recorded;
      if (!isForCode(event)) plain.push(recorded);
      else plain.push({ ...recorded, event: await this.#plainEvent(event, seq) });
    }
    return plain;
  }

  async #plainEvent<Event extends RecordedEvent["event"]>(event: Event, seq: number): Promise<Event> {
    try {
      return await withPayloads<Event>(event, {
        payload: (payload) => this.plain(payload),
        failure: (failure) => this.plainFailure(failure),
      });
    } catch (error) {
      if (!(error instanceof PayloadUnreadableError)) throw error;
      throw new PayloadUnreadableError(`Event ${seq} (${event.type}) can't be read. ${error.message}`);
    }
  }

  /**
   * As it goes to the log.
   *
   * @throws PayloadError when it can't be encrypted, or is too long then; what the codec throws otherwise
   */
  async sent<Sent extends RunCommand | RunDecision>(sent: Sent, about: PayloadAbout): Promise<Sent> {
    const codec = this.#codec;
    if (codec === undefined) return sent;
    const isStart = sent.type === "StartRun";
    return withPayloads(sent, {
      payload: (payload, name) =>
        this.#encoded(codec, payload, words[name] ?? "A payload", { ...about, isStart }),
      failure: (failure) => this.#sentFailure(codec, failure, about),
    });
  }

  /** Of a build whose schemas don't take what was recorded: its reason says what, as the failure does. */
  async sentRefusal(reason: string, failure: Failure, about: PayloadAbout) {
    const codec = this.#codec;
    if (codec === undefined) return { reason, failure };
    return {
      reason: codec.errors === "encrypted" ? "What the code does not take is encrypted." : reason,
      failure: await this.#sentFailure(codec, failure, about),
    };
  }

  #sentFailure(codec: PayloadCodec, failure: Failure, about: PayloadAbout): Promise<Failure> {
    const encode = (payload: Payload, of?: "error") =>
      this.#encoded(codec, payload, "What is told of the error", { ...about, of });
    return codec.errors === "encrypted"
      ? encryptedFailure(failure, encode)
      : withEncryptedDetails(failure, encode);
  }

  async #encoded(codec: PayloadCodec, payload: Payload, what: string, about: PayloadAbout): Promise<Payload> {
    const bytes = utf8Length(payload);
    const most = mostEncryptable(maxPayloadBytes);
    if (bytes > most)
      throw new PayloadError(
        `${what} is ${bytes} bytes of JSON; the limit of what is encrypted is ${most}.`,
        {
          isTooLong: true,
          bytes,
        },
      );
    const encoded: unknown = await patiently(() => codec.encode(payload, about)).catch((error: unknown) => {
      if (!(error instanceof UnreadablePayload)) throw error;
      throw new PayloadError(`${what} can't be encrypted. ${error.message}`, { bytes, lacksKey: true });
    });
    if (typeof encoded !== "string" || !isEncrypted(encoded))
      throw new PayloadError(`${what} can't be encrypted: the codec gave what is no encrypted payload.`, {
        bytes,
      });
    const problem = payloadProblem(`${what}, encrypted,`, encoded);
    if (problem !== undefined) throw new PayloadError(problem, { isTooLong: true, bytes });
    return encoded;
  }
}

/** A key service that is away for a moment is no reason to have work done again. */
async function patiently<T>(done: () => T | Promise<T>, tries = 0): Promise<T> {
  try {
    return await done();
  } catch (error) {
    const ms = waitsMs[tries];
    if (error instanceof UnreadablePayload || ms === undefined) throw error;
    await wait(ms);
    return patiently(done, tries + 1);
  }
}

/** What keeps a run stuck whose payloads can't be read, or not be encrypted. */
export function stuckAnswer(error: unknown) {
  const message = thrownText(error);
  const isTooLong = error instanceof PayloadError && error.isTooLong;
  const because = isTooLong
    ? failure("code", "PayloadTooLarge", message)
    : failure("code", "PayloadUnreadable", message);
  return {
    type: "decided",
    answerId: randomUUID(),
    decisions: [{ type: "GetStuck", failure: because }],
  } as const;
}

/** Code hears nothing of how far attempts got. */
function isForCode(event: RecordedEvent["event"]): boolean {
  return event.type !== "AttemptHeartbeat" && mayBeEncrypted(event);
}
