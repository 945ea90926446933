import { parseArgs } from "node:util";
import { projectionBench } from "../packages/history/bench/projection.ts";
import { engineBench } from "./lib/bench-engine.ts";
import { liveBench } from "./lib/bench-live.ts";
import { sqlBench } from "./lib/bench-sql.ts";

const help = `npm run bench [-- engine | projection | live | sql] [options]

Prints JSON, one line a benchmark. Without a name: all of them but sql.

  engine      the four-job booking with handlers that do nothing, in a worker process of its own: runs a second,
              start-to-completed latency one at a time, memory of each process
  projection  records a second into the read model, and its queries at 100,000 and 1,000,000 runs
  live        event appended → visible in a browser page
  sql         a closed run's events and a day's series through Pulsar SQL, with and without bounds, and the run
              again in a log four times as long; starts a broker and Pulsar SQL unless it is given both

  --pulsar <url>          engine, live, sql: on this Pulsar broker (ws://host:8080) instead of the embedded log
  --pulsar-sql <url>      sql: this Pulsar SQL (http://host:8081), which reads that broker
  --events <number>       sql: how many events in the log (default 1,000,000)
  --runs <number>         engine: how many bookings (default 30,000)
  --outstanding <number>  engine: how many of them at a time (default 2,000)
  --alone <number>        engine: how many one at a time, for the latency (default 300)
  --cpu-prof              engine: leaves a CPU profile of the engine process in the folder it names`;

const benchmarks = ["engine", "projection", "live", "sql"] as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "30000" },
      outstanding: { type: "string", default: "2000" },
      alone: { type: "string", default: "300" },
      pulsar: { type: "string" },
      "pulsar-sql": { type: "string" },
      events: { type: "string", default: "1000000" },
      "cpu-prof": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  const unknown = positionals.find((name) => !benchmarks.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`There is no benchmark ${JSON.stringify(unknown)}.\n\n${help}`);
  const isAsked = (name: string) => positionals.length === 0 || positionals.includes(name);
  if (isAsked("engine")) {
    const figures = await engineBench({
      runs: count("--runs", values.runs),
      outstanding: count("--outstanding", values.outstanding),
      alone: count("--alone", values.alone),
      cpuProfile: values["cpu-prof"],
      ...(values.pulsar !== undefined && { pulsar: values.pulsar }),
    });
    print("engine", figures);
  }
  if (isAsked("projection")) print("projection", await projectionBench());
  if (isAsked("live")) print("live", await liveBench(values.pulsar));
  // By name only: it fetches and starts servers, or fills those it is given.
  if (positionals.includes("sql")) {
    const { pulsar, "pulsar-sql": pulsarSql } = values;
    print("sql", await sqlBench({ pulsar, pulsarSql, events: count("--events", values.events) }));
  }
}

function print(benchmark: string, figures: object): void {
  console.log(JSON.stringify({ benchmark, ...figures }));
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000_000) return value;
  throw new Error(`${option} can't be ${JSON.stringify(text)}.`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
