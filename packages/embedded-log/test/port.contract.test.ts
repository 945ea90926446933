import { rm } from "node:fs/promises";
import { MessageChannel } from "node:worker_threads";
import type { MessageLog } from "@downbeat/message-log";
import { messageLogContract } from "@downbeat/message-log/contract";
import { logOverPort, servePort } from "@downbeat/message-log/port";
import { type EmbeddedLog, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

function overPort(embedded: EmbeddedLog): MessageLog {
  const { port1, port2 } = new MessageChannel();
  servePort(embedded.connect({ deliver: "beforeCommit" }), port1);
  return logOverPort(port2);
}

messageLogContract("embedded log, kept by another thread", async () => {
  const { file, directory } = await temporaryFile();
  let opened = await openEmbeddedLog({ file });
  let log = overPort(opened);
  return {
    log,
    reopen: async () => {
      await log.close();
      await opened.close();
      opened = await openEmbeddedLog({ file });
      log = overPort(opened);
      return log;
    },
    close: async () => {
      await log.close();
      await opened.close();
      await rm(directory, { recursive: true });
    },
  };
});
