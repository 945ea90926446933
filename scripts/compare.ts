import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import { compareEvents, type EventComparison, isSame } from "./lib/event-comparison.ts";
import { pageEvents } from "./lib/page-events.ts";
import { until } from "./lib/processes.ts";
import { settle } from "./lib/settle.ts";
import { Shown } from "./lib/shown.ts";
import { SqlHistory } from "./lib/sql-events.ts";
import { Stage } from "./lib/stage.ts";
import { Traffic } from "./lib/traffic.ts";
import { startServers } from "./pulsar/suite/servers.ts";

const help = `npm run compare [-- options]

Books trips on a real Pulsar broker, in a namespace of its own, and compares what the runs' pages show with what Pulsar SQL
selects FROM history, event by event: number, type and content. Prints one line of JSON at the end. The exit status is 1 when
an event is missing on either side, is there twice, or differs.

  --pulsar <url>      this Pulsar broker (ws://host:8080), and
  --pulsar-sql <url>  this Pulsar SQL (http://host:8081), which reads that broker; without both, servers of its own are started

  --bookings <number>        how many (default 10,000)
  --rate <number>            of them a second (default 40)
  --settle-seconds <number>  how long the last ones may take to end (default 600)
  --keep                     leaves the data and the output of the processes`;

const { values } = parseArgs({
  options: {
    pulsar: { type: "string" },
    "pulsar-sql": { type: "string" },
    bookings: { type: "string", default: "10000" },
    rate: { type: "string", default: "40" },
    "settle-seconds": { type: "string", default: "600" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const visibleWithinMs = 60_000;

interface Compared {
  readonly bookings: number;
  readonly rate: number;
  readonly settleMs: number;
}

async function main(): Promise<boolean> {
  if (values.help) {
    console.log(help);
    return true;
  }
  const asked: Compared = {
    bookings: number("bookings", values.bookings, 1_000_000),
    rate: number("rate", values.rate, 1_000),
    settleMs: number("settle-seconds", values["settle-seconds"], 7_200) * 1_000,
  };
  const { pulsar, "pulsar-sql": pulsarSql } = values;
  if ((pulsar === undefined) !== (pulsarSql === undefined))
    throw new Error("Give both --pulsar and --pulsar-sql, or neither: Pulsar SQL must read that broker.");
  if (pulsar !== undefined && pulsarSql !== undefined) return compareOn(pulsar, pulsarSql, asked);
  await using servers = await startServers();
  return await compareOn(servers.pulsar, servers.pulsarSql, asked);
}

async function compareOn(pulsar: string, pulsarSql: string, asked: Compared): Promise<boolean> {
  const stage = await Stage.open("compare", 1, pulsar);
  const log = openPulsarWebSocketLog({ serviceUrl: pulsar, tenant: "public", namespace: stage.namespace });
  const booking = client({ log, actor: "compare", answerWithin: "2 minutes" });
  let isGood = false;
  try {
    say(`Starting ${stage.names.join(", ")} …`);
    stage.start(...stage.names);
    const late = await stage.ready();
    if (late.length > 0)
      throw new Error(
        late.map((name) => `${name} is not ready.\n${stage.processes.lastLines(name)}`).join("\n"),
      );
    const traffic = new Traffic(booking, asked.rate);
    await book(traffic, asked);
    const { fold, violations } = await settle(log, traffic, asked.settleMs, say);
    const partitions = await log.partitionsOf("history");
    const problems = [...fold.violations, ...violations];

    const shown = new Shown(stage.serverUrl, stage.namespace);
    const isShown = async () => shown.compare(await shown.all(), fold).length === 0;
    if (!(await until(isShown, visibleWithinMs, 500)))
      problems.push(...shown.compare(await shown.all(), fold));
    const sql = new SqlHistory(pulsarSql, stage.namespace);
    const records = fold.counted + fold.ignored;
    // It lags by a second or two: so many records were in the log when everything was over.
    const since = performance.now();
    const areVisible = async () => (await sql.records()) >= records;
    if (!(await until(areVisible, visibleWithinMs, 200)))
      problems.push(`Pulsar SQL sees ${await sql.records()} of ${records} records.`);
    const visibleAfterMs = Math.round(performance.now() - since);

    const runIds = [...new Set([...(await shown.all()).keys(), ...fold.runs.keys()])];
    say(`Asking for the pages of ${runIds.length} runs …`);
    const onPages = await pageEvents(`${stage.serverUrl}/trpc/public/${stage.namespace}`, runIds);
    say("Selecting from history …");
    const inSql = await sql.events(partitions);
    const { examples, ...counts } = compareEvents(onPages, inSql.events);
    problems.push(...examples);
    for (const problem of problems.slice(0, 20)) say(problem);
    const statuses = Map.groupBy(fold.runs.values(), ({ state }) => state.status);
    isGood = problems.length === 0 && isSame({ ...counts, examples } satisfies EventComparison);
    console.log(
      JSON.stringify({
        compare: `public/${stage.namespace}`,
        bookings: traffic.sent,
        promised: traffic.promised.size,
        runs: fold.runs.size,
        statuses: Object.fromEntries(Array.from(statuses, ([status, runs]) => [status, runs.length])),
        records: { inLog: records, inSql: inSql.records, ignored: inSql.ignored },
        events: counts,
        allVisibleAfterMs: visibleAfterMs,
        differences: problems.length,
      }),
    );
    return isGood;
  } finally {
    await booking.close();
    await log.close();
    await stage.processes.endAll();
    if (values.keep || !isGood) say(`The data and what was printed: ${stage.processes.folder}`);
    else rmSync(stage.processes.folder, { recursive: true, force: true });
  }
}

async function book(traffic: Traffic, { bookings, rate }: Compared): Promise<void> {
  say(`Booking ${bookings} trips, ${rate} a second …`);
  const tell = setInterval(() => say(`${traffic.sent} of ${bookings} bookings sent.`), 15_000);
  await traffic.run(bookings);
  clearInterval(tell);
  say("All are sent. Waiting until every run is over or stuck …");
}

function number(option: string, text: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new Error(`--${option} can't be ${JSON.stringify(text)}: give a number up to ${most}.`);
}

function say(sentence: string): void {
  console.error(sentence);
}

// Ended in order, so that servers which were started for it are gone too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
