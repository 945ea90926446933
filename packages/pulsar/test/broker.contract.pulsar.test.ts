import { messageLogContract } from "@downbeat/message-log/contract";
import { inject } from "vitest";
import { openPulsarWebSocketLog } from "../src/index.ts";
import { brokerSkips } from "./broker-skips.ts";
import "./provided.ts";

/** The contract on a real broker. Namespace deduplication must be on for public/default. */

const perBatch = "acknowledged, redelivered and counted by the batch";
const byFirstKey = "a batch goes by the key of its first message, whatever keys the others have";
const whenBatching = {
  "each key is with one consumer of a Key_Shared subscription, in order": byFirstKey,
  "what a closed consumer of a Key_Shared subscription had not acknowledged goes to another, before what follows of its key":
    byFirstKey,
  "readers leave subscriptions alone": perBatch,
  "what was not acknowledged comes again in the next session, in order; what was does not": perBatch,
  "a negatively acknowledged message comes again after its delay, counted": perBatch,
  "a message not acknowledged in time comes again": perBatch,
  "messages can be acknowledged in any order, one by one": perBatch,
  "what a closed consumer had not acknowledged goes to another": perBatch,
  "a slow consumer does not hold up the others": perBatch,
  "when the active consumer closes the next takes over, from the first unacknowledged message, in order":
    perBatch,
  "the figures name subscriptions, what waits in them and who is connected": perBatch,
};

for (const batching of [false, true]) {
  messageLogContract(
    `Pulsar broker, ${batching ? "batching" : "message by message"}`,
    async () => {
      const log = openPulsarWebSocketLog({ serviceUrl: inject("pulsar"), batching });
      return { log, close: () => log.close() };
    },
    { skips: batching ? { ...brokerSkips, ...whenBatching } : brokerSkips },
  );
}
