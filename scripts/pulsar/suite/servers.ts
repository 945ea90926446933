import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import "../../../packages/pulsar/test/provided.ts";
import { freePorts } from "../../lib/processes.ts";
import { openBroker } from "../broker.ts";
import { openSql } from "../sql.ts";

/** A broker and Pulsar SQL for the whole suite, on free ports, with data of their own. */
export default async function servers(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-pulsar-"));
  const say = (line: string) => console.log(line);
  const { sql: sqlPort, ...ports } = await freePorts("web", "broker", "zookeeper", "bookkeeper", "sql");
  const broker = await openBroker({ ports, dataDir: join(folder, "broker"), say });
  const sql = await openSql({
    port: sqlPort,
    pulsarAdmin: broker.adminUrl,
    zookeeper: broker.zookeeper,
    dataDir: join(folder, "sql"),
    say,
  });
  say("Starting Pulsar…");
  await broker.start();
  say("Starting Pulsar SQL…");
  await sql.start();
  project.provide("pulsar", broker.webSocketUrl);
  project.provide("pulsarBroker", broker.brokerUrl);
  project.provide("pulsarSql", sql.url);
  return async () => {
    await sql.stop();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
