import { type Position, position, type ReceivedMessage } from "@downbeat/message-log";
import { type Decision, encodeHistoryRecord, type HistoryRecord } from "@downbeat/protocol";
import type { RunDriver } from "./run-driver.ts";

/** Writes a partition of history as the engine would, and what others would put between. */
export class HistoryLog {
  readonly messages: ReceivedMessage[] = [];
  #last = "";
  #claim = "claim";
  #epoch = 0;
  #records = 0;
  #at = 0;

  claim(owner = "engine"): this {
    const record = {
      kind: "claim",
      id: `claim-${this.#records++}`,
      epoch: ++this.#epoch,
      owner,
      at: this.#at,
    } as const;
    this.#last = record.id;
    this.#claim = record.id;
    return this.append(record);
  }

  decide(at: number, decisions: readonly Decision[]): this {
    this.#at = Math.max(this.#at, at);
    const record = this.#decisionRecord(`record-${this.#records++}`, this.#last, decisions);
    this.#last = record.id;
    return this.append(record);
  }

  /** Of an owner that does not know it is none any more. */
  zombie(decisions: readonly Decision[]): this {
    return this.append(this.#decisionRecord(`zombie-${this.#records++}`, "a record long ago", decisions));
  }

  lateClaim(): this {
    return this.append({
      kind: "claim",
      id: `late-${this.#records++}`,
      epoch: this.#epoch,
      owner: "late",
      at: this.#at,
    });
  }

  repeat(index: number): this {
    const message = this.messages[index % Math.max(1, this.messages.length)];
    return message === undefined ? this : this.bytes(message.payload);
  }

  append(record: HistoryRecord): this {
    return this.bytes(encodeHistoryRecord(record));
  }

  bytes(payload: Uint8Array): this {
    const message = {
      position: position(1, this.messages.length) as Position,
      payload,
      properties: {},
      publishTime: this.#at,
      redeliveryCount: 0,
    };
    this.messages.push(message);
    return this;
  }

  #decisionRecord(id: string, prev: string, decisions: readonly Decision[]): HistoryRecord {
    const dispatchedUpTo = this.#records;
    return { kind: "decisions", id, prev, claimId: this.#claim, at: this.#at, dispatchedUpTo, decisions };
  }
}

/** The decisions of several runs in the order of their times. */
export function decisionsOf(
  runs: readonly RunDriver[],
): { readonly at: number; readonly decision: Decision }[] {
  return runs
    .flatMap((run) =>
      run.written.map(({ seq, at, inputId, events }) => ({
        at,
        decision: { runId: run.runId, workflow: run.state?.workflow ?? "", inputId, seq, events },
      })),
    )
    .sort((a, b) => a.at - b.at);
}

/** One record a decision. */
export function historyOf(runs: readonly RunDriver[]): HistoryLog {
  const log = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf(runs)) log.decide(at, [decision]);
  return log;
}
