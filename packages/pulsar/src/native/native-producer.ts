import {
  type Clock,
  LogError,
  type OutgoingMessage,
  type Position,
  type Producer,
} from "@downbeat/message-log";
import { duplicate, positionOf } from "@downbeat/wire";
import type { NativeOutgoing, NativeProducer } from "./module.ts";
import { nativeError } from "./native-error.ts";
import { NativeLife } from "./native-session.ts";

interface Sending {
  readonly message: NativeOutgoing;
  readonly resolve: (position: Position | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Keeps at most so many messages under way as the client's queue holds, so that it is never full. */
export class NativeProducerSession implements Producer {
  readonly #producer: NativeProducer;
  readonly #life: NativeLife;
  readonly #maxInFlight: number;
  readonly #underWay = new Set<Sending>();
  readonly #waiting: Sending[] = [];
  #refusal: LogError | undefined;
  #drained: (() => void) | undefined;

  constructor(
    what: string,
    producer: NativeProducer,
    { clock, maxInFlight }: { readonly clock: Clock; readonly maxInFlight: number },
    onEnd: (reason?: Error) => void,
  ) {
    this.#producer = producer;
    this.#maxInFlight = maxInFlight;
    this.#life = new NativeLife(what, producer, clock, (reason) => {
      this.#refusal = reason ?? new LogError("closed", "The producer is closed.");
      onEnd(reason);
      if (reason !== undefined) this.#rejectAll(reason);
    });
  }

  send(message: OutgoingMessage): Promise<Position | undefined> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message: outgoing(message), resolve, reject });
      this.#sendWaiting();
    });
  }

  async close(): Promise<void> {
    if (!this.#life.end()) return;
    if (this.#underWay.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#rejectAll(new LogError("closed", "The producer was closed before the receipt came."));
    await this.#life.closeSession();
  }

  #sendWaiting(): void {
    while (this.#underWay.size < this.#maxInFlight) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#underWay.add(next);
      this.#producer.send(next.message).then(
        (id) => this.#answered(next, () => next.resolve(receipt(id.serialize()))),
        (error: unknown) => this.#answered(next, () => next.reject(nativeError(this.#life.what, error))),
      );
    }
  }

  #answered(sending: Sending, answer: () => void): void {
    this.#underWay.delete(sending);
    answer();
    if (this.#refusal === undefined) this.#sendWaiting();
    if (this.#underWay.size === 0) this.#drained?.();
  }

  #rejectAll(error: LogError): void {
    for (const { reject } of [...this.#underWay, ...this.#waiting.splice(0)]) reject(error);
    this.#underWay.clear();
    this.#drained?.();
  }
}

function receipt(id: Buffer): Position | undefined {
  const position = positionOf(id.toString("base64"));
  return position === duplicate ? undefined : position;
}

/** @throws LogError for what the module would store otherwise than it was sent: its texts end at a NUL, its properties come back in an array */
function outgoing({ payload, key, properties, deliverAt, eventTime }: OutgoingMessage): NativeOutgoing {
  const texts = [key ?? "", ...Object.entries(properties ?? {}).flat()];
  if (texts.some((one) => one.includes("\0")))
    throw new LogError("invalid", "The native Pulsar client sends no NUL character in a key or a property.");
  if (properties !== undefined && "length" in properties)
    throw new LogError("invalid", 'The native Pulsar client can\'t give back a property named "length".');
  return {
    data: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    ...(key !== undefined && { partitionKey: key }),
    ...(properties !== undefined && { properties }),
    ...(eventTime !== undefined && { eventTimestamp: eventTime }),
    ...(deliverAt !== undefined && { deliverAt: Math.ceil(deliverAt) }),
  };
}
