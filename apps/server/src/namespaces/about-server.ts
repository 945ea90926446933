import { readdir, stat, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type AboutServer, type DiskUse, shownAddress } from "@downbeat/api";
import { durationWords, type SecondPersonRule, secondPersonWords } from "@downbeat/domain";
import type { KeepClosed, LogAddress } from "@downbeat/protocol";
import manifest from "../../package.json" with { type: "json" };

interface Known {
  readonly log: LogAddress;
  readonly dataDir: string;
  readonly pulsarSql: string | undefined;
  readonly hotWindowMs: number;
  readonly keepClosed?: KeepClosed | undefined;
  readonly secondPerson?: SecondPersonRule | undefined;
}

const startedAt = Date.now();

/** Of this process, as one namespace is served by it. */
export function aboutServer({
  log,
  dataDir,
  pulsarSql,
  hotWindowMs,
  keepClosed,
  secondPerson,
}: Known): AboutServer {
  return {
    version: manifest.version,
    node: process.version,
    host: hostname(),
    startedAt,
    log: shownAddress(log.serviceUrl),
    settings: [
      { name: "DOWNBEAT_HOT_WINDOW", value: durationWords(hotWindowMs) },
      {
        name: "DOWNBEAT_KEEP_CLOSED",
        value: keepClosed === undefined ? "forever" : durationWords(keepClosed.closedMs),
      },
      { name: "DOWNBEAT_PULSAR_SQL", value: pulsarSql === undefined ? "none" : shownAddress(pulsarSql) },
      { name: "DOWNBEAT_DATA_DIR", value: dataDir },
      ...(secondPerson === undefined
        ? []
        : [{ name: "secondPerson (access file)", value: secondPersonWords(secondPerson) }]),
    ],
    disk: () => diskUse(dataDir),
  };
}

async function diskUse(dataDir: string): Promise<DiskUse> {
  const { bavail, blocks, bsize } = await statfs(dataDir);
  return { used: await sizeOf(dataDir), free: bavail * bsize, total: blocks * bsize };
}

/** A file may go while it is looked at. */
async function sizeOf(directory: string): Promise<number> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(file.parentPath, file.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
