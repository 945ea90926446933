import { inject } from "vitest";
import "../../pulsar/test/provided.ts";
import { webSocketCalls } from "./web-socket-table.ts";

webSocketCalls("Pulsar", async () => {
  const run = Math.random().toString(36).slice(2, 8);
  let topics = 0;
  return { url: inject("pulsar"), topic: () => `persistent/public/default/call-${run}-${++topics}` };
});
