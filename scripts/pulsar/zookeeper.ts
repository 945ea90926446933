import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { withSettings } from "./configuration.ts";
import { output } from "./output.ts";
import { ServerProcess } from "./server-process.ts";

export interface ZooKeeperOptions {
  /** Where Pulsar, which brings it, is unpacked. */
  readonly home: string;
  readonly port: number;
  /** The broker's. */
  readonly folder: string;
}

export interface ZooKeeper {
  readonly pid: number | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves when its process is gone. */
  ended(): Promise<void>;
}

/** For a broker's metadata, on loopback, as a process of its own: the one that a standalone broker runs by itself listens on every address. */
export function zooKeeper({ home, port, folder }: ZooKeeperOptions): ZooKeeper {
  const dataDir = join(folder, "zookeeper");
  mkdirSync(dataDir, { recursive: true });
  const configuration = join(folder, "zookeeper.conf");
  const settings = {
    dataDir,
    clientPort: String(port),
    clientPortAddress: "127.0.0.1",
    tickTime: "2000",
    maxClientCnxns: "0",
    "admin.enableServer": "false",
    "autopurge.snapRetainCount": "3",
    "autopurge.purgeInterval": "1",
  };
  writeFileSync(configuration, withSettings("", settings));
  const program = join(home, "bin", "pulsar");
  const server = new ServerProcess({
    name: "ZooKeeper",
    program,
    args: ["zookeeper"],
    cwd: folder,
    env: {
      PULSAR_ZK_CONF: configuration,
      PULSAR_MEM: "-Xms64m -Xmx256m",
      PULSAR_LOG_DIR: join(folder, "logs"),
      PULSAR_LOG_LEVEL: "warn",
    },
    logFile: join(folder, "logs", "zookeeper.log"),
    isReady: async () => (await ask(port, "srvr")).includes("Mode:"),
  });
  return {
    get pid() {
      return server.pid;
    },
    start: async () => {
      await server.start();
      // A BookKeeper that was killed still counts as there, until its session is too old. One that starts meanwhile
      // takes that for its own registration, and is unknown once it goes.
      for (const bookie of registered(await ask(port, "dump"))) {
        const remove = ["zookeeper-shell", "-server", `127.0.0.1:${port}`, "delete", bookie];
        await output(program, remove).catch(async (error: unknown) => {
          // Gone by itself in the meantime.
          if (registered(await ask(port, "dump")).includes(bookie)) throw error;
        });
      }
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    ended: () => server.ended(),
  };
}

function registered(sessions: string): string[] {
  return sessions.match(/\/ledgers\/available\/\S+:\d+/g) ?? [];
}

/** One of ZooKeeper's words of four letters. */
async function ask(port: number, word: "srvr" | "dump"): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, timeout: 3_000 });
  socket.on("timeout", () => socket.destroy());
  let answer = "";
  socket.on("data", (data) => (answer += data));
  socket.on("connect", () => socket.write(word));
  await once(socket, "close");
  return answer;
}
