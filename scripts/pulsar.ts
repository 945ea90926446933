import { parseArgs } from "node:util";
import { defaultBrokerPorts, offloadStorage, openBroker } from "./pulsar/broker.ts";
import { newestKnown, wantedVersion } from "./pulsar/distribution.ts";
import { inForeground } from "./pulsar/foreground.ts";
import { checkFree, portOf } from "./pulsar/ports.ts";

const help = `npm run pulsar [-- options]

Starts a real Pulsar standalone broker on this machine, for Downbeat to run on: npm start -- --pulsar ws://127.0.0.1:8080
Needs Java 17 or later, and Maven to fetch Pulsar the first time (245 MB, kept in ~/.cache/downbeat).

  --port <number>             HTTP, admin and WebSocket (default ${defaultBrokerPorts.web})
  --broker-port <number>      native protocol (default ${defaultBrokerPorts.broker})
  --zookeeper-port <number>   (default ${defaultBrokerPorts.zookeeper})
  --bookkeeper-port <number>  (default ${defaultBrokerPorts.bookkeeper})
  --data-dir <path>           (default .downbeat/broker)
  --pulsar-version <version>  another one that Maven Central has (default ${newestKnown})
  --offload <folder>          where closed segments can be moved to; when they are: npx downbeat setup --offload-threshold <size>`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(defaultBrokerPorts.web) },
      "broker-port": { type: "string", default: String(defaultBrokerPorts.broker) },
      "zookeeper-port": { type: "string", default: String(defaultBrokerPorts.zookeeper) },
      "bookkeeper-port": { type: "string", default: String(defaultBrokerPorts.bookkeeper) },
      "data-dir": { type: "string", default: ".downbeat/broker" },
      "pulsar-version": { type: "string", default: wantedVersion() },
      offload: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const ports = {
    web: portOf("port", values.port),
    broker: portOf("broker-port", values["broker-port"]),
    zookeeper: portOf("zookeeper-port", values["zookeeper-port"]),
    bookkeeper: portOf("bookkeeper-port", values["bookkeeper-port"]),
  };
  await checkFree({
    port: ports.web,
    "broker-port": ports.broker,
    "zookeeper-port": ports.zookeeper,
    "bookkeeper-port": ports.bookkeeper,
  });
  const say = (line: string) => console.log(line);
  const broker = await openBroker({
    ports,
    dataDir: values["data-dir"],
    version: values["pulsar-version"],
    offload: values.offload,
    say,
  });
  say("Starting Pulsar (some 15 s)…");
  const { offload } = values;
  const storage = offload === undefined ? undefined : await offloadStorage(offload, say);
  const ready = () => {
    say(
      `\nPulsar is ready: ${broker.webSocketUrl} (admin ${broker.adminUrl}). What it says is in ${broker.logFile}.`,
    );
    if (storage !== undefined)
      say(
        `Let history move to ${values.offload}: npx downbeat setup --pulsar ${broker.webSocketUrl} --offload-threshold 1GB --offload-driver filesystem --offload-uri ${storage.uri} --offload-profile ${storage.profile}`,
      );
    say(`Run Downbeat on it: npm start -- --pulsar ${broker.webSocketUrl}`);
  };
  return inForeground(broker, ready, say);
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
