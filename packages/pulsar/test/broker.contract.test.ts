import { messageLogContract } from "@downbeat/message-log/contract";
import { describe, test } from "vitest";
import { openPulsarWebSocketLog } from "../src/index.ts";

/*
 * The contract on a real broker, where there is one: namespace deduplication must be on for the public/default namespace.
 * PULSAR_TEST_SERVICE_URL=ws://127.0.0.1:8080
 */
const serviceUrl = process.env.PULSAR_TEST_SERVICE_URL;

if (serviceUrl === undefined) {
  describe("Pulsar broker", () => {
    test.skip("the contract (no PULSAR_TEST_SERVICE_URL is set)", () => {});
  });
} else {
  for (const batching of [false, true]) {
    messageLogContract(
      `Pulsar broker, ${batching ? "batching" : "message by message"}`,
      async () => {
        const log = openPulsarWebSocketLog({ serviceUrl, batching });
        return { log, close: () => log.close() };
      },
      {
        skips: {
          "a delayed message is never early by the log's own clock":
            "Pulsar may deliver up to one tick early",
          "a subscription and its position survive the log's restart":
            "this test does not restart the broker",
          "delays survive the log's restart": "this test does not restart the broker",
        },
      },
    );
  }
}
