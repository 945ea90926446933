import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Supervisor } from "./supervisor.ts";

test("the last words of a process that ends before it is ready are its own, not those of an earlier run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-supervisor-"));
  try {
    const supervisor = new Supervisor(
      folder,
      process.env,
      () => {},
      () => {},
    );
    const file = join(folder, "process.mjs");
    writeFileSync(supervisor.logFile("engine"), "The port of yesterday is in use.\n");
    writeFileSync(file, "process.exit(3);");
    await expect(supervisor.start({ name: "engine", file })).rejects.toThrow(
      /^engine ended with exit status 3\./,
    );
    writeFileSync(file, "console.log('The port of today is in use.'); process.exitCode = 3;");
    await expect(supervisor.start({ name: "engine", file })).rejects.toThrow(
      /^The port of today is in use\.$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
