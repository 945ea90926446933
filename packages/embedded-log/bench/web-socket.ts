import { fork } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { openEmbeddedLog, serve } from "../src/index.ts";
import { temporaryFile } from "../test/temporary-file.ts";

/*
 * Another process talks to the log over WebSocket, as workers and the dashboard server do. First it publishes as fast as
 * it can, then it consumes and acknowledges what there is, then a reader reads it all. Prints one JSON object a phase.
 */
const messages = Number(process.argv[2] ?? 50_000);
const serviceUrl = process.argv[3];
if (serviceUrl === undefined) await runServer();
else await runClient(serviceUrl);

async function runServer(): Promise<void> {
  const { file, directory } = await temporaryFile();
  const log = await openEmbeddedLog({ file, retention: { "": "unlimited" } });
  const server = await serve(log, { port: 0 });
  let cpu = process.cpuUsage();
  let main = process.threadCpuUsage();
  const client = fork(fileURLToPath(import.meta.url), [String(messages), server.url]);
  client.on("message", (phase: Record<string, unknown>) => {
    const used = process.cpuUsage(cpu);
    const mainUsed = process.threadCpuUsage(main);
    cpu = process.cpuUsage();
    main = process.threadCpuUsage();
    if (phase.phase === "start") return;
    const each = (micros: number) => Number((micros / messages).toFixed(1));
    console.log(
      JSON.stringify({
        bench: "embedded log over WebSocket",
        ...phase,
        serverMicrosEach: each(used.user + used.system),
        serverMainThreadMicrosEach: each(mainUsed.user + mainUsed.system),
      }),
    );
  });
  await new Promise((resolve) => client.once("exit", resolve));
  await server.close();
  await log.close();
  await rm(directory, { recursive: true });
}

async function runClient(url: string): Promise<void> {
  const log = openPulsarWebSocketLog({ serviceUrl: url });
  const producer = await log.openProducer("bench");
  const payload = Buffer.alloc(400, "x");
  const send = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        producer.send({ payload, key: `run-${i}`, properties: { kind: "bench" } }),
      ),
    );
  await send(5_000);
  const report = (phase: string, count: number, started: number, cpu: NodeJS.CpuUsage) => {
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    const clientMicrosEach = Number(((used.user + used.system) / count).toFixed(1));
    process.send?.({ phase, perSecond: Math.round(count / seconds), clientMicrosEach });
  };
  process.send?.({ phase: "start" });

  let cpu = process.cpuUsage();
  let started = performance.now();
  await send(messages);
  report("publish", messages, started, cpu);

  for (const phase of ["consume and acknowledge", "read"]) {
    cpu = process.cpuUsage();
    started = performance.now();
    let seen = 0;
    await new Promise<void>((resolve) => {
      const onMessage = () => {
        seen += 1;
        if (seen === messages) resolve();
      };
      if (phase === "read") void log.openReader("bench", { from: "earliest", onMessage });
      else {
        const consumer = log.openConsumer("bench", {
          subscription: "sub",
          type: "Shared",
          onMessage: (message) => {
            void consumer.then((opened) => opened.acknowledge(message.position));
            onMessage();
          },
        });
      }
    });
    report(phase, messages, started, cpu);
  }

  const latencies: number[] = [];
  for (let i = 0; i < 200; i++) {
    const before = performance.now();
    await producer.send({ payload });
    latencies.push(performance.now() - before);
  }
  latencies.sort((a, b) => a - b);
  process.send?.({
    phase: "one at a time",
    receiptMsP50: latencies[100]?.toFixed(2),
    receiptMsP99: latencies[197]?.toFixed(2),
  });
  await log.close();
  process.disconnect?.();
}
