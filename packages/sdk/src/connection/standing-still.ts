import { type Clock, type MessageLog, systemClock } from "@downbeat/message-log";
import { isDecisionThread } from "../definitions/definitions.ts";

const never = (): Promise<never> => new Promise(() => {});

/**
 * What a worker or client of a file gets that is loaded in a decision thread for the workflows that it defines: it waits, and does nothing. The program that
 * the file belongs to has them already.
 */
export const logStandingStill: MessageLog = {
  openProducer: never,
  openConsumer: never,
  openReader: never,
  lastPosition: never,
  positionAt: never,
  partitionsOf: never,
  createPartitionedTopic: never,
  topicStats: never,
  backlogOf: never,
  close: async () => {},
};

const clockStandingStill: Clock = { now: () => 0, setTimer: () => () => {} };

export function clockHere(given: Clock | undefined): Clock {
  return isDecisionThread() ? clockStandingStill : (given ?? systemClock);
}
