import { parseArgs } from "node:util";
import { projectionBench } from "../packages/read-model/bench/projection.ts";
import { catchUpBench } from "./lib/bench-catch-up.ts";
import { endlessBench } from "./lib/bench-endless.ts";
import { engineBench } from "./lib/bench-engine.ts";
import { followersBench } from "./lib/bench-followers.ts";
import { growthBench } from "./lib/bench-growth.ts";
import { liveBench } from "./lib/bench-live.ts";
import { promisesBench } from "./lib/bench-promises.ts";
import { sqlBench } from "./lib/bench-sql.ts";
import { testingBench } from "./lib/bench-testing.ts";
import { webBench } from "./lib/bench-web.ts";
import { wideBench } from "./lib/bench-wide.ts";
import { startServers } from "./pulsar/suite/servers.ts";

const help = `npm run bench [-- engine | wide | endless | testing | promises | growth | projection | live | followers | web | sql] [options]

Prints JSON, one line a benchmark. Without a name: all of them; sql only on Pulsar with Pulsar SQL.

  engine      the four-job booking with handlers that do nothing, in a worker process of its own: runs a second,
              start-to-completed latency one at a time, memory of each process, processor time a run in
              each process and in each thread of the engine; with the workflow's code in the engine, and in the worker
  wide        one run with 500, 1,000, 2,500 and 5,000 jobs side by side: CPU of scheduling and of completing them, the
              longest time that the engine's event loop was held, in its own processor time; on the embedded log
  endless     bookings at a steady pace before and while a run of the same worker never comes back from its first step:
              their latency, how long until that run is stuck, whether engine and worker live on
  testing     a two-day time-out in an author's test on simulated time: the first test of a process, and those after it
  promises    back-offs, time-outs, heartbeats, sleeps by the times in history, beside what is documented, in a table
  growth      a log of many runs: bytes a run in each file, how long the engine takes to own its partitions without its
              snapshot and with it, how long the server takes to fill an empty read model, their memory
  projection  records a second into the read model, and its queries at 100,000 and 1,000,000 runs;
              on Pulsar: how long a server with an empty cache takes to read 300,000 events from the broker
  live        event appended → visible in a browser page
  followers   processor time that so many open dashboards cost the server while bookings run, beside the same without any
  web         the dashboard in Chromium: bytes of a first load and largest paint of each page; requests, main-thread time and heap
              of a tab that is left open while nothing happens, and while bookings run
  sql         a closed run's events and a day's series through Pulsar SQL, with and without bounds, and the run
              again in a log four times as long; on servers of its own unless it is given both

  --pulsar                on a real Pulsar broker and Pulsar SQL that are fetched and started for it
  --pulsar <url>          on this Pulsar broker (ws://host:8080), in namespaces of its own
  --pulsar-sql <url>      sql: this Pulsar SQL (http://host:8081), which reads that broker
  --events <number>       sql: how many events in the log (default 1,000,000)
  --runs <number>         engine: how many bookings (default 30,000)
  --outstanding <number>  engine: how many of them at a time (default 2,000)
  --times <number>        promises: how many times each (default 40)
  --followers <number>    followers: how many dashboards (default 1,000)
  --rate <number>         followers: bookings a second (default 100)
  --seconds <number>      followers: for how long with, and how long without (default 20); web: how long each tab is left open
  --bookings <number>     web: how many before the pages are opened (default 500)
  --closed <number>       growth: how many runs that are over (default 10,000); a hundredth as many are under way
  --keep-closed           growth: also the same log with the closed runs removed, and then forgotten
  --engines <number>      engine: how many engine processes share the partitions; the first keeps the embedded log (default 1)
  --threads <number>      engine: threads for the workflow's code where the engine hosts it (default 0: in its own)
  --delegated             engine: only with the workflow's code in the worker
  --alone <number>        engine: how many one at a time, for the latency (default 300)
  --cpu-prof              engine: leaves CPU profiles of engine and worker in the folder it names

With DOWNBEAT_PULSAR_CLIENT=native the processes on a broker use the native client.`;

const benchmarks = [
  "engine",
  "wide",
  "endless",
  "testing",
  "promises",
  "growth",
  "projection",
  "live",
  "followers",
  "web",
  "sql",
] as const;

const widths = [500, 1_000, 2_500, 5_000];

type Options = ReturnType<typeof parsed>["values"];

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "30000" },
      outstanding: { type: "string", default: "2000" },
      times: { type: "string", default: "40" },
      followers: { type: "string", default: "1000" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string", default: "20" },
      bookings: { type: "string", default: "500" },
      closed: { type: "string", default: "10000" },
      "keep-closed": { type: "boolean", default: false },
      alone: { type: "string", default: "300" },
      engines: { type: "string", default: "1" },
      threads: { type: "string", default: "0" },
      pulsar: { type: "string" },
      "pulsar-sql": { type: "string" },
      events: { type: "string", default: "1000000" },
      delegated: { type: "boolean", default: false },
      "cpu-prof": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  // Alone it means servers of our own.
  const own = args.findIndex((arg, index) => arg === "--pulsar" && !/^wss?:/.test(args[index + 1] ?? ""));
  if (own >= 0) args.splice(own, 1);
  const { values, positionals } = parsed(args);
  if (values.help) return console.log(help);
  const unknown = positionals.find((name) => !benchmarks.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`There is no benchmark ${JSON.stringify(unknown)}.\n\n${help}`);
  if (own < 0) return run(positionals, values, { pulsar: values.pulsar, pulsarSql: values["pulsar-sql"] });
  await using servers = await startServers();
  await run(positionals, values, servers);
}

interface Place {
  readonly pulsar?: string | undefined;
  readonly pulsarSql?: string | undefined;
}

async function run(names: readonly string[], values: Options, { pulsar, pulsarSql }: Place): Promise<void> {
  const isAsked = (name: string) => names.length === 0 || names.includes(name);
  if (isAsked("engine")) {
    for (const delegated of values.delegated ? [true] : [false, true]) {
      const figures = await engineBench({
        runs: count("--runs", values.runs),
        outstanding: count("--outstanding", values.outstanding),
        alone: count("--alone", values.alone),
        cpuProfile: values["cpu-prof"],
        engines: count("--engines", values.engines),
        threads: count("--threads", values.threads, 0),
        delegated,
        ...(pulsar !== undefined && { pulsar }),
      });
      print("engine", figures);
    }
  }
  if (isAsked("wide")) for (const jobs of widths) print("wide", await wideBench(jobs));
  if (isAsked("endless")) print("endless", await endlessBench());
  if (isAsked("testing")) print("testing", await testingBench());
  if (isAsked("promises")) {
    const promises = await promisesBench(count("--times", values.times), pulsar);
    console.table(promises);
    print("promises", { promises });
  }
  if (isAsked("growth")) {
    const closed = count("--closed", values.closed);
    print(
      "growth",
      await growthBench({ runs: closed, open: Math.ceil(closed / 100), keepClosed: values["keep-closed"] }),
    );
  }
  if (isAsked("projection"))
    print("projection", pulsar === undefined ? await projectionBench() : await catchUpBench(pulsar));
  if (isAsked("live")) print("live", await liveBench(pulsar));
  if (isAsked("followers"))
    print(
      "followers",
      await followersBench({
        followers: count("--followers", values.followers),
        rate: count("--rate", values.rate),
        seconds: count("--seconds", values.seconds),
      }),
    );
  if (isAsked("web"))
    print(
      "web",
      await webBench({
        bookings: count("--bookings", values.bookings),
        seconds: count("--seconds", values.seconds),
      }),
    );
  // Else by name only: it fetches and starts servers.
  const hasSql = pulsar !== undefined && pulsarSql !== undefined;
  if (names.includes("sql") || (hasSql && isAsked("sql")))
    print("sql", await sqlBench({ pulsar, pulsarSql, events: count("--events", values.events) }));
}

function print(benchmark: string, figures: object): void {
  console.log(JSON.stringify({ benchmark, ...figures }));
}

function count(option: string, text: string, least = 1): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= 10_000_000) return value;
  throw new Error(`${option} can't be ${JSON.stringify(text)}.`);
}

// Ended in order, so that servers which were started for it are gone too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
