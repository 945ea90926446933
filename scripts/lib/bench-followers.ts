import { rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { loadavg } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { ask, freePorts, Processes, serverMain, sleep, until } from "./processes.ts";
import { BookingTraffic } from "./synthetic-bookings.ts";

export interface FollowersBenchOptions {
  readonly followers: number;
  /** Bookings a second: a start, four jobs and an end each. */
  readonly rate: number;
  readonly seconds: number;
}

const partitions = 4;
const everyMs = 100;
const startWithinMs = 60_000;

/** What open dashboards cost the server while runs go on: processor time of its process with them and without, under the same bookings. */
export async function followersBench({ followers, rate, seconds }: FollowersBenchOptions): Promise<object> {
  const processes = new Processes("followers");
  const embedded = await openEmbeddedLog({ file: join(processes.folder, "log.sqlite") });
  const logServer = await serve(embedded, { port: 0 });
  try {
    const traffic = await BookingTraffic.open(embedded.connect(), partitions);
    const { server: port } = await freePorts("server");
    const url = `http://127.0.0.1:${port}`;
    processes.start({
      name: "server",
      main: serverMain,
      env: {
        DOWNBEAT_LOG_URL: logServer.url,
        DOWNBEAT_DATA_DIR: processes.folder,
        DOWNBEAT_PORT: String(port),
        LOG_LEVEL: "warn",
      },
    });
    const isReady = await until(
      async () => (await ask(`${url}/readyz/reads`))?.includes('"ready":true') === true,
      startWithinMs,
    );
    if (!isReady) throw new Error(`The server is not ready.\n${processes.lastLines("server")}`);
    // By its own account, all threads together.
    const cpu = async () =>
      Number(
        /^process_cpu_seconds_total (\S+)$/m.exec((await ask(`${url}/metrics`)) ?? "")?.[1] ?? Number.NaN,
      );
    const measured = async () => {
      const before = await cpu();
      let bookings = 0;
      const began = performance.now();
      let owed = 0;
      while (performance.now() - began < seconds * 1_000) {
        owed += (rate * everyMs) / 1_000;
        await traffic.book(Math.floor(owed));
        bookings += Math.floor(owed);
        owed -= Math.floor(owed);
        await sleep(everyMs);
      }
      const took = (performance.now() - began) / 1_000;
      return { took, bookings, cpu: (await cpu()) - before };
    };
    await measured();
    const alone = await measured();
    const streams = await openStreams(`${url}/trpc/public/default/live.changes`, followers);
    const followed = await measured();
    const { bytes, pushes } = streams.received();
    streams.close();
    await traffic.close();
    const cores = (figure: { took: number; cpu: number }) => figure.cpu / figure.took;
    return {
      followers,
      bookingsPerSecond: Math.round(followed.bookings / followed.took),
      cpuSecondsWithout: round(alone.cpu),
      cpuSecondsWith: round(followed.cpu),
      seconds,
      coresOfFollowers: round(cores(followed) - cores(alone)),
      pushesPerFollowerAndSecond: round(pushes / followers / followed.took),
      megabytesPerSecond: round(bytes / 1e6 / followed.took),
      load: round(loadavg()[0] ?? 0),
    };
  } finally {
    await processes.endAll();
    await logServer.close();
    await embedded.close();
    rmSync(processes.folder, { recursive: true, force: true });
  }
}

async function openStreams(url: string, count: number) {
  const agent = new Agent({ maxSockets: count, keepAlive: false });
  let bytes = 0;
  let pushes = 0;
  let open = 0;
  for (let index = 0; index < count; index++) {
    get(url, { agent, headers: { accept: "text/event-stream" } }, (response) => {
      open++;
      response.on("error", () => {});
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (chunk.includes("\nid: ")) pushes++;
      });
    }).on("error", () => {});
  }
  if (!(await until(async () => open === count, startWithinMs)))
    throw new Error(`Only ${open} of ${count} followers were connected.`);
  bytes = 0;
  pushes = 0;
  return { received: () => ({ bytes, pushes }), close: () => agent.destroy() };
}

const round = (figure: number): number => Math.round(figure * 100) / 100;
