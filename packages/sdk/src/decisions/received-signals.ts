import type { EventOf, Payload } from "@downbeat/domain";
import type { PassedOver } from "@downbeat/protocol";
import { failure } from "../failure.ts";
import { decodePayload } from "../payload.ts";
import type { Checked } from "../schema-check.ts";
import type { Ahead } from "./ahead.ts";
import type { Situation } from "./situation.ts";
import type { Unrecorded } from "./unrecorded.ts";
import type { WaitingForSignal, Waits } from "./waits.ts";

export interface ReceivedSignalsParts {
  readonly situation: Situation;
  readonly unrecorded: Unrecorded;
  readonly waits: Waits;
  readonly ahead: Ahead;
  /** As part of the run's code, for the schemas are its author's. */
  readonly check: (waiting: WaitingForSignal, value: unknown) => Checked<unknown>;
  readonly awaitAgain: (waiting: WaitingForSignal, signalId: string) => void;
}

/**
 * Signals that came for the code of one run.
 *
 * G1. One that the schema of its wait does not take is passed over, and the code goes on waiting.
 * G2. What history has passed over is passed over, whatever the schemas here take: the code that did it went on without. Runs of older rules go by the schemas.
 * G3. What is passed over and not recorded yet is told beside the answer: another build may take it.
 */
export class ReceivedSignals {
  readonly #parts: ReceivedSignalsParts;
  /** Not delivered yet. */
  readonly #received = new Map<string, Payload>();
  readonly #problems = new Map<string, string>();

  constructor(parts: ReceivedSignalsParts) {
    this.#parts = parts;
  }

  /** The signal that the answer passes over. */
  get passedOver(): PassedOver | undefined {
    for (const decision of this.#parts.unrecorded.all()) {
      const signalId = decision.type === "AwaitSignal" ? decision.signalId : undefined;
      const problem = signalId === undefined ? undefined : this.#problems.get(signalId);
      if (signalId === undefined || problem === undefined) continue;
      return { signalId, failure: failure("invalid", "InvalidSignal", problem) };
    }
    return undefined;
  }

  add({ signalId, payload }: EventOf<"SignalReceived">): void {
    this.#received.set(signalId, payload);
  }

  deliver({ waitId, signalId }: EventOf<"SignalDelivered">): void {
    const payload = this.#received.get(signalId);
    this.#received.delete(signalId);
    const { waits, awaitAgain, check } = this.#parts;
    const waiting = waits.take(waitId);
    if (waiting?.kind !== "signal" || payload === undefined) return;
    if (this.#isPassedOver(signalId)) return awaitAgain(waiting, signalId);
    const checked = check(waiting, decodePayload(payload));
    if (checked.ok) return waiting.resolve(checked.value);
    this.#problems.set(
      signalId,
      `The signal ${waiting.name} (${signalId}) does not fit its schema.\n${checked.problem}`,
    );
    awaitAgain(waiting, signalId);
  }

  /** History has that it was passed over. */
  recorded(signalId: string): void {
    this.#problems.delete(signalId);
  }

  #isPassedOver(signalId: string): boolean {
    // Rule 39: what was passed over once is, for every replay.
    const { situation, ahead } = this.#parts;
    return situation.keepsToPassedOver && ahead.passesOver(signalId);
  }
}
