import { once } from "node:events";
import { rmSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { z } from "zod";
import { ask, freePorts, Processes, residentMb, serverMain, sleep, until } from "./lib/processes.ts";
import { BookingTraffic } from "./lib/synthetic-bookings.ts";
import { strain } from "./strain/round.ts";

const help = `npm run strain [-- options]

Everything at once that is to use the server up: half-sent posts, followers that read and that don't, batches, large bodies, slow readers; under bookings.
Health is asked for all the while by a thread of its own, and memory is looked at after each round. One line of JSON; the exit status is 1 when health took
50 ms or more, when a page or call failed, or when memory didn't come back within 10 % of what it was after the first round.
The dashboard must be built (npm run build).

  --rounds <number>     (default 3)
  --seconds <number>    of each round (default 20)
  --followers <number>  half of them read (default 2,000)
  --rate <number>       bookings a second (default 20)`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "20" },
    followers: { type: "string", default: "2000" },
    rate: { type: "string", default: "20" },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

const amount = (text: string): number => z.coerce.number().int().min(1).max(100_000).parse(text);
const partitions = 4;
const mostHealthMs = 50;
const mostGrowth = 0.1;
const settleMs = 15_000;
const probed = z.object({ took: z.array(z.number()), failed: z.number() });

const processes = new Processes("strain");
const embedded = await openEmbeddedLog({ file: join(processes.folder, "log.sqlite") });
const logServer = await serve(embedded, { port: 0 });
const traffic = await BookingTraffic.open(embedded.connect(), partitions);
const ports = await freePorts("server", "web", "turns");
const url = `http://127.0.0.1:${ports.server}`;
processes.start({ name: "web", main: "apps/web/serve.ts", args: ["--port", String(ports.web)], env: {} });
const pid = processes.start({
  name: "server",
  main: serverMain,
  execArgv: ["--import", join(import.meta.dirname, "lib", "longest-turn.ts")],
  env: {
    DOWNBEAT_LOG_URL: logServer.url,
    DOWNBEAT_DATA_DIR: processes.folder,
    DOWNBEAT_PORT: String(ports.server),
    DOWNBEAT_WEB_URL: `http://127.0.0.1:${ports.web}`,
    DOWNBEAT_BENCH_PORT: String(ports.turns),
    LOG_LEVEL: "warn",
  },
});
try {
  const isReady = await until(
    async () =>
      (await ask(`${url}/readyz/reads`))?.includes('"ready":true') === true &&
      (await ask(`${url}/public/default/runs`)) !== undefined,
    60_000,
  );
  if (!isReady)
    throw new Error(`Not ready.\n${processes.lastLines("server")}\n${processes.lastLines("web")}`);
  const probe = new Worker(join(import.meta.dirname, "strain", "health-probe.ts"), {
    workerData: { url: `${url}/healthz` },
  });
  const health = async () => {
    probe.postMessage("tell");
    const [told] = await once(probe, "message");
    return probed.parse(told);
  };
  const booking = setInterval(() => void traffic.book(Math.ceil(amount(values.rate) / 10)), 100);
  const rounds: object[] = [];
  const rests: number[] = [];
  let isGood = true;
  for (let round = 1; round <= amount(values.rounds); round++) {
    await health();
    await ask(`http://127.0.0.1:${ports.turns}`);
    const followers = amount(values.followers) / 2;
    const told = await strain(url, {
      halfSent: 80,
      idle: followers,
      reading: followers,
      batch: 1_000,
      largeBodies: 10,
      slow: 50,
      seconds: amount(values.seconds),
    });
    const { took, failed } = await health();
    const longestTurnMs = Number(await ask(`http://127.0.0.1:${ports.turns}`));
    const during = residentMb(pid)?.now ?? 0;
    await sleep(settleMs);
    const rest = residentMb(pid)?.now ?? 0;
    rests.push(rest);
    const sorted = took.toSorted((a, b) => a - b);
    const most = sorted.at(-1) ?? Number.NaN;
    const answered = Object.keys({ ...told.pages, ...told.calls }).every((status) => status === "200");
    isGood = isGood && most < mostHealthMs && failed === 0 && answered;
    rounds.push({
      health: {
        asked: took.length,
        failed,
        p50: rounded(sorted[Math.floor(sorted.length / 2)]),
        p99: rounded(sorted[Math.floor(sorted.length * 0.99)]),
        most: rounded(most),
      },
      longestTurnMs,
      ...told,
      megabytes: { during, rest },
      load: rounded(loadavg()[0]),
    });
  }
  clearInterval(booking);
  await probe.terminate();
  const growth = (rests.at(-1) ?? 0) / (rests[0] ?? 1) - 1;
  isGood = isGood && growth <= mostGrowth;
  console.log(JSON.stringify({ isGood, growth: rounded(growth), rounds }));
  process.exitCode = isGood ? 0 : 1;
} finally {
  await processes.endAll();
  await traffic.close();
  await logServer.close();
  await embedded.close();
  rmSync(processes.folder, { recursive: true, force: true });
}

function rounded(figure = Number.NaN): number {
  return Math.round(figure * 100) / 100;
}
