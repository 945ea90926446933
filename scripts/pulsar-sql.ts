import { parseArgs } from "node:util";
import { defaultBrokerPorts } from "./pulsar/broker.ts";
import { inForeground } from "./pulsar/foreground.ts";
import { checkFree, portOf } from "./pulsar/ports.ts";
import { defaultSqlPort, openSql } from "./pulsar/sql.ts";

const help = `npm run pulsar:sql [-- options]

Starts Pulsar SQL (Trino 368 with the Pulsar connector) on this machine, on the broker of \`npm run pulsar\`.
Needs Java 17 or later, and Maven to fetch it the first time (812 MB, kept in ~/.cache/downbeat).

  --port <number>          where it listens (default ${defaultSqlPort})
  --pulsar-admin <url>     the broker's admin service (default http://127.0.0.1:${defaultBrokerPorts.web})
  --zookeeper <host:port>  the broker's ZooKeeper (default 127.0.0.1:${defaultBrokerPorts.zookeeper})
  --data-dir <path>        (default .downbeat/sql)
  --offload <folder>       where the broker moves closed segments to, as npm run pulsar has it`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(defaultSqlPort) },
      "pulsar-admin": { type: "string", default: `http://127.0.0.1:${defaultBrokerPorts.web}` },
      zookeeper: { type: "string", default: `127.0.0.1:${defaultBrokerPorts.zookeeper}` },
      "data-dir": { type: "string", default: ".downbeat/sql" },
      offload: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const port = portOf("port", values.port);
  await checkFree({ port });
  const say = (line: string) => console.log(line);
  const pulsarAdmin = values["pulsar-admin"];
  const sql = await openSql({
    port,
    pulsarAdmin,
    zookeeper: values.zookeeper,
    dataDir: values["data-dir"],
    offload: values.offload,
    say,
  });
  const broker = await fetch(`${pulsarAdmin}/admin/v2/brokers/health`).catch(() => undefined);
  if (broker?.ok !== true)
    throw new Error(
      `There is no Pulsar broker at ${pulsarAdmin}: start it with \`npm run pulsar\`, or say where it is with --pulsar-admin.`,
    );
  say("Starting Pulsar SQL (some 15 s)…");
  return inForeground(
    sql,
    () => say(`\nPulsar SQL is ready: ${sql.url}. What it says is in ${sql.logFile}.`),
    say,
  );
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
