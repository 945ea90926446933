import { rm } from "node:fs/promises";
import { openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "../test/temporary-file.ts";

/*
 * The engine's traffic on the log in process: bookings pass through a chain of topics, each hop appended on delivery of
 * the one before, on several partitions; inbox and jobs are acknowledged, history is read. Prints one JSON object.
 */
const seconds = Number(process.argv[2] ?? 5);
/** Bookings a second, 0 for as many as possible. */
const rate = Number(process.argv[3] ?? 0);
const storage = process.argv[4] === "inline" ? "inline" : "thread";
const partitions = 8;
const hops = 10;
const payload = Buffer.alloc(400, "x");

const { file, directory } = await temporaryFile();
const log = await openEmbeddedLog({ file, storage });
const inside = log.connect({ deliver: "beforeCommit" });
let finished = 0;
let appended = 0;
let delivered = 0;
let acknowledged = 0;
let receipts = 0;
const latencies: number[] = [];

// Hops alternate: inbox partition (acknowledged), history partition (read), jobs (acknowledged), …
const starters: ((started: number) => void)[] = [];
for (let k = 0; k < partitions; k++) {
  const inbox = await inside.openProducer(`inbox-partition-${k}`);
  const history = await inside.openProducer(`history-partition-${k}`);
  const jobs = await inside.openProducer(`jobs-${k % 4}`);
  const append = (producer: typeof inbox, hop: number, started: number) => {
    appended += 1;
    const last = hop === hops - 1;
    void producer
      .send({
        payload,
        key: `${started}`,
        properties: { hop: String(hop), started: String(started), k: String(k) },
      })
      .then(() => {
        receipts += 1;
        if (!last) return;
        finished += 1;
        latencies.push(performance.now() - started);
        if (rate === 0) append(inbox, 0, performance.now());
      });
  };
  const onward = (properties: Readonly<Record<string, string>>) => {
    const hop = Number(properties.hop) + 1;
    if (hop >= hops) return;
    append(
      hop % 5 === 2 || hop % 5 === 4 ? jobs : hop % 2 === 0 ? inbox : history,
      hop,
      Number(properties.started),
    );
  };
  const consumer = await inside.openConsumer(`inbox-partition-${k}`, {
    subscription: "engine",
    type: "Failover",
    onMessage: (message) => {
      delivered += 1;
      onward(message.properties);
      consumer.acknowledge(message.position);
      acknowledged += 1;
    },
  });
  await inside.openReader(`history-partition-${k}`, {
    from: "latest",
    onMessage: (message) => {
      delivered += 1;
      onward(message.properties);
    },
  });
  const worker = await inside.openConsumer(`jobs-${k % 4}`, {
    subscription: "workers",
    type: "Shared",
    onMessage: (message) => {
      delivered += 1;
      onward(message.properties);
      worker.acknowledge(message.position);
      acknowledged += 1;
    },
  });
  starters.push((started) => append(inbox, 0, started));
}

// Measured after a warm-up: compiling code is no part of what the log costs.
let cpu = process.cpuUsage();
let mainCpu = process.threadCpuUsage();
const start = performance.now();
let pacer: NodeJS.Timeout | undefined;
if (rate === 0) {
  for (let i = 0; i < 200; i++) starters[i % partitions]?.(performance.now());
} else {
  let begun = 0;
  pacer = setInterval(() => {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; begun < due; begun++) starters[begun % partitions]?.(performance.now());
  }, 2);
}
const warmUpSeconds = 2;
await new Promise((resolve) => setTimeout(resolve, warmUpSeconds * 1000));
cpu = process.cpuUsage();
mainCpu = process.threadCpuUsage();
const warm = {
  at: performance.now(),
  appended,
  delivered,
  acknowledged,
  receipts,
  finished,
  commits: log.commits.count,
};
latencies.length = 0;
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
clearInterval(pacer);
const elapsed = (performance.now() - warm.at) / 1000;
const used = process.cpuUsage(cpu);
const mainUsed = process.threadCpuUsage(mainCpu);
latencies.sort((a, b) => a - b);
const perSecond = (count: number) => Math.round(count / elapsed);
console.log(
  JSON.stringify({
    bench: "embedded log in process",
    storage,
    chainsPerSecond: perSecond(finished - warm.finished),
    appendsPerSecond: perSecond(appended - warm.appended),
    receiptsPerSecond: perSecond(receipts - warm.receipts),
    deliveriesPerSecond: perSecond(delivered - warm.delivered),
    acknowledgementsPerSecond: perSecond(acknowledged - warm.acknowledged),
    cores: Number(((used.user + used.system) / 1e6 / elapsed).toFixed(2)),
    mainThreadCores: Number(((mainUsed.user + mainUsed.system) / 1e6 / elapsed).toFixed(2)),
    commitsPerSecond: perSecond(log.commits.count - warm.commits),
    chainMsP50: Number(latencies[Math.floor(latencies.length * 0.5)]?.toFixed(2)),
    chainMsP99: Number(latencies[Math.floor(latencies.length * 0.99)]?.toFixed(2)),
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    fileMb: Math.round((await import("node:fs")).statSync(file).size / 1e6),
  }),
);
await log.close();
await rm(directory, { recursive: true });
