import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Supervisor } from "../src/start/supervisor.ts";

const engine = join(import.meta.dirname, "../../engine/src/main.ts");

test("a data directory that is deleted under a running engine ends everything, and none begins in its place", {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-deleted-"));
  const said: string[] = [];
  const gone = Promise.withResolvers<string>();
  const supervisor = new Supervisor(
    join(folder, "logs"),
    process.env,
    (line) => said.push(line),
    gone.resolve,
  );
  const env = {
    DOWNBEAT_DATA_DIR: join(folder, "data"),
    DOWNBEAT_LOG_PORT: "0",
    DOWNBEAT_ENGINE_PORT: "0",
  };
  await supervisor.start({ name: "engine", purpose: "engine", file: engine, env });
  expect(existsSync(join(folder, "data", "log.sqlite"))).toBe(true);
  rmSync(folder, { recursive: true });
  expect(await gone.promise).toMatch(/log\.sqlite was deleted or moved away while it was in use\./);
  await supervisor.stop();
  expect(existsSync(folder)).toBe(false);
  expect(said).toEqual([]);
});
