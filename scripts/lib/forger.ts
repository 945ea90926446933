import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { type MessageLog, type Producer, type Reader, reconnectingReader } from "@downbeat/message-log";
import { readHistory, recordProperties, topics } from "@downbeat/protocol";

/** Runs of which history says what can't be. No real run has such a name. */
export const forgedPrefix = "forged-";

const kinds = [
  "garbage",
  "hugeClaim",
  "nextClaim",
  "impossible",
  "farTime",
  "unknownEvent",
  "damaged",
] as const;
type Kind = (typeof kinds)[number];

/** Writes into history what no engine wrote, where it hurts most: at its end, as if it counted. */
export class Forger {
  readonly forged: Record<Kind, number> = {
    garbage: 0,
    hugeClaim: 0,
    nextClaim: 0,
    impossible: 0,
    farTime: 0,
    unknownEvent: 0,
    damaged: 0,
  };
  readonly #partitions: { readonly producer: Producer; readonly reader: Reader; cursor: AcceptCursor }[] = [];
  #number = 0;

  static async open(log: MessageLog): Promise<Forger> {
    const forger = new Forger();
    const count = await log.partitionsOf("history");
    for (let partition = 0; partition < count; partition++) {
      const topic = topics.history(partition);
      const producer = await log.openProducer(topic);
      const reader = reconnectingReader(log, topic, {
        from: "earliest",
        onMessage: (message) => {
          const known = forger.#partitions[partition];
          if (known !== undefined) known.cursor = readHistory(known.cursor, message).cursor;
        },
      });
      forger.#partitions.push({ producer, reader, cursor: emptyCursor });
    }
    return forger;
  }

  /** One of each kind in each partition; `onForged` before each. An unknown event is left out where it would hold engines back for good. */
  async play(withNewer: boolean, pause: () => Promise<void>): Promise<void> {
    for (const kind of kinds) {
      if (kind === "unknownEvent" && !withNewer) continue;
      for (const partition of this.#partitions.keys()) {
        await pause();
        await this.#forge(kind, partition);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#partitions.flatMap(({ reader, producer }) => [reader.close(), producer.close()]));
  }

  async #forge(kind: Kind, partition: number): Promise<void> {
    const { producer, cursor } = this.#partitions[partition] ?? {};
    if (producer === undefined || cursor === undefined) return;
    const id = `${forgedPrefix}${++this.#number}`;
    const claim = { kind: "claim", id, owner: "a forger", at: 1 };
    const { last: prev, claim: claimId, epoch } = cursor;
    const record = { kind: "decisions", id, prev, claimId, epoch, at: Date.now(), dispatchedUpTo: 0 };
    const event = { type: "JobCompleted", jobId: "j1", output: "1" };
    const part = { runId: id, workflow: "none", inputId: id, seq: 7, events: [event] };
    const texts: Record<Kind, object> = {
      garbage: { kind: "odd", id },
      hugeClaim: { ...claim, epoch: Number.MAX_SAFE_INTEGER },
      nextClaim: { ...claim, epoch: epoch + 1 },
      impossible: { ...record, decisions: [part] },
      farTime: { ...record, at: Number.MAX_SAFE_INTEGER, decisions: [part] },
      unknownEvent: { ...record, decisions: [{ ...part, seq: 1, events: [{ type: "RunTeleported" }] }] },
      damaged: { ...record, decisions: [{ ...part, seq: 1 }] },
    };
    const payload = Buffer.from(JSON.stringify(texts[kind]));
    const properties = { ...recordProperties(id, payload), forged: "yes" };
    if (kind === "damaged") payload[payload.length - 3] = 0;
    await producer.send({ payload, properties: kind === "garbage" ? { forged: "yes" } : properties });
    this.forged[kind] += 1;
  }
}
