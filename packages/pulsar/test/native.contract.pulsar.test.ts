import { messageLogContract } from "@downbeat/message-log/contract";
import { describe, inject, test } from "vitest";
import { loadNativeModule } from "../src/native/module.ts";
import { openPulsarNativeLog } from "../src/native-index.ts";
import { brokerSkips } from "./broker-skips.ts";
import "./provided.ts";

/** The contract on a real broker through the optional module `pulsar-client`, where that is installed. */

const missing = whyMissing();
if (missing === undefined) {
  messageLogContract(
    "Pulsar broker, native client",
    async () => {
      const log = openPulsarNativeLog({
        serviceUrl: inject("pulsar"),
        brokerUrl: inject("pulsarBroker"),
      });
      // The limit of the protocol is the broker's, 5 MiB, not that of a WebSocket's frame.
      return { log, maxPayloadBytes: 4 * 1024 * 1024, close: () => log.close() };
    },
    {
      skips: {
        ...brokerSkips,
        "a message not acknowledged in time comes again": "the native client takes ten seconds at least",
      },
    },
  );
} else {
  describe("Pulsar broker, native client", () => {
    test.skip(`the contract (${missing})`, () => {});
  });
}

function whyMissing(): string | undefined {
  try {
    loadNativeModule();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
