import { rm } from "node:fs/promises";
import { messageLogContract } from "@downbeat/message-log/contract";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { openPulsarNativeLog } from "@downbeat/pulsar/native";
import { type ConnectOptions, type EmbeddedLogOptions, openEmbeddedLog, serve } from "../src/index.ts";
import { nativeModuleOn } from "./native-module.ts";
import { temporaryFile } from "./temporary-file.ts";

function embedded(deliver: ConnectOptions["deliver"] & string, more: Partial<EmbeddedLogOptions> = {}) {
  return async () => {
    const { file, directory } = await temporaryFile();
    let opened = await openEmbeddedLog({ file, ...more });
    return {
      log: opened.connect({ deliver }),
      reopen: async () => {
        await opened.close();
        opened = await openEmbeddedLog({ file, ...more });
        return opened.connect({ deliver });
      },
      close: async () => {
        await opened.close();
        await rm(directory, { recursive: true });
      },
    };
  };
}

messageLogContract("embedded log, delivering what is durable", embedded("whenDurable"));
messageLogContract("embedded log, delivering before the commit", embedded("beforeCommit"));
messageLogContract("embedded log, hardly any memory", embedded("beforeCommit", { memoryBudgetBytes: 1_000 }));
messageLogContract(
  "embedded log, keeping everything",
  embedded("whenDurable", { retention: { "": "unlimited" } }),
);

messageLogContract("Pulsar adapter on the embedded log's server", async () => {
  const { file, directory } = await temporaryFile();
  let opened = await openEmbeddedLog({ file });
  let server = await serve(opened, { port: 0 });
  let log = openPulsarWebSocketLog({ serviceUrl: server.url });
  return {
    log,
    reopen: async () => {
      await log.close();
      await server.close();
      await opened.close();
      opened = await openEmbeddedLog({ file });
      server = await serve(opened, { port: 0 });
      log = openPulsarWebSocketLog({ serviceUrl: server.url });
      return log;
    },
    close: async () => {
      await log.close();
      await server.close();
      await opened.close();
      await rm(directory, { recursive: true });
    },
  };
});

messageLogContract(
  "native Pulsar adapter, on a module whose cluster is the embedded log",
  async () => {
    const { file, directory } = await temporaryFile();
    let opened = await openEmbeddedLog({ file });
    let server = await serve(opened, { port: 0 });
    const module = nativeModuleOn(() => opened.connect());
    let log = openPulsarNativeLog({ serviceUrl: server.url, module });
    return {
      log,
      reopen: async () => {
        await log.close();
        await server.close();
        await opened.close();
        opened = await openEmbeddedLog({ file });
        server = await serve(opened, { port: 0 });
        log = openPulsarNativeLog({ serviceUrl: server.url, module });
        return log;
      },
      close: async () => {
        await log.close();
        await server.close();
        await opened.close();
        await rm(directory, { recursive: true });
      },
    };
  },
  {
    skips: {
      "a message not acknowledged in time comes again": "the native client takes ten seconds at least",
    },
  },
);
