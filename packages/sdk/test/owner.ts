import type { RunCommand, RunEvent } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import {
  type Decision,
  encodeCompacted,
  encodeHistoryRecord,
  parseInboxMessage,
  topics,
} from "@downbeat/protocol";

/** Writes history as an owner of partitions does; what it decides, the test says. */
export class Owner {
  readonly commands: RunCommand[] = [];
  readonly #log: MessageLog;
  readonly #last = new Map<number, string>();
  #records = 0;

  constructor(log: MessageLog) {
    this.#log = log;
  }

  /** Answers each command in a record of its own, `undefined` for not at all. */
  async answer(
    partitions: number,
    decide: (command: RunCommand) => readonly RunEvent[] | undefined,
  ): Promise<void> {
    for (let partition = 0; partition < partitions; partition++) {
      await this.claim(partition, 1);
      const consumer = await this.#log.openConsumer(topics.inbox(partition), {
        subscription: "engine",
        type: "Failover",
        onMessage: async (message) => {
          for (const command of parseInboxMessage(message.payload).commands) {
            if (command.type === "Tick") continue;
            this.commands.push(command);
            const events = decide(command);
            if (events !== undefined) await this.record(partition, decisionOf(command, events));
          }
          consumer.acknowledge(message.position);
        },
      });
    }
  }

  async claim(partition: number, epoch: number, id = `claim-${epoch}`): Promise<void> {
    this.#last.set(partition, id);
    await this.#append(partition, { kind: "claim", id, epoch, owner: "o", at: 1 });
  }

  /** @param prev what the record builds on, if not the last one here */
  async record(
    partition: number,
    decision: Decision,
    prev = this.#last.get(partition) ?? "unseen",
  ): Promise<string> {
    const id = `record-${++this.#records}-${Math.random()}`;
    this.#last.set(partition, id);
    await this.#append(partition, {
      kind: "decisions",
      id,
      prev,
      claimId: "c",
      at: 1,
      dispatchedUpTo: 0,
      decisions: [decision],
    });
    return id;
  }

  /** What compaction leaves of a cancelled run, on the first claim. */
  async leave(partition: number, runId: string): Promise<void> {
    const removed = { status: "cancelled", startId: "s", closedAt: 1 };
    const payload = encodeCompacted(
      {
        kind: "decisions",
        id: "c",
        prev: "claim-1",
        claimId: "claim-1",
        at: 1,
        dispatchedUpTo: 0,
        ordinal: 2,
      },
      [{ runId, workflow: "w", seq: 4, removed }],
    );
    await this.#send(partition, payload);
  }

  async #append(partition: number, record: Parameters<typeof encodeHistoryRecord>[0]): Promise<void> {
    await this.#send(partition, encodeHistoryRecord(record));
  }

  async #send(partition: number, payload: Uint8Array): Promise<void> {
    const producer = await this.#log.openProducer(topics.history(partition));
    await producer.send({ payload });
    await producer.close();
  }
}

function decisionOf({ runId, commandId }: RunCommand, events: readonly RunEvent[]): Decision {
  return { runId, workflow: "w", inputId: commandId, seq: 1, events };
}

export function endOf(runId: string, ...events: RunEvent[]): Decision {
  return { runId, workflow: "w", inputId: `end-${Math.random()}`, seq: 2, events };
}
