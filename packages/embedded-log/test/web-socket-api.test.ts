import { afterAll } from "vitest";
import { type EmbeddedLog, type LogServer, openEmbeddedLog, serve } from "../src/index.ts";
import { webSocketCalls } from "./web-socket-table.ts";

let log: EmbeddedLog | undefined;
let server: LogServer | undefined;
afterAll(async () => {
  await server?.close();
  await log?.close();
});

webSocketCalls("embedded log", async () => {
  log = await openEmbeddedLog({ file: ":memory:" });
  server = await serve(log, { port: 0 });
  let topics = 0;
  return { url: server.url, topic: () => `persistent/public/default/call-${++topics}` };
});
