import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Supervisor } from "./supervisor.ts";

test("a process is not given the variables that it has no need of", async () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-supervisor-"));
  const env = { ...process.env, DOWNBEAT_PULSAR_TOKEN: "secret", DOWNBEAT_TOKEN: "secret", OTHER: "secret" };
  const supervisor = new Supervisor(
    folder,
    env,
    () => {},
    () => {},
  );
  try {
    const file = join(folder, "process.mjs");
    writeFileSync(
      file,
      "console.log(JSON.stringify(process.env)); process.send({ type: 'ready' }); setInterval(() => {}, 1e9);",
    );
    let said = "";
    const onOutput = (piece: string) => (said += piece);
    await supervisor.start({ name: "web", purpose: "web", file, onOutput });
    await vi.waitFor(() => expect(said).toContain("PATH"), { timeout: 60_000 });
    expect(said).not.toContain("secret");
  } finally {
    await supervisor.stop();
    rmSync(folder, { recursive: true });
  }
});

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
    await expect(supervisor.start({ name: "engine", purpose: "engine", file })).rejects.toThrow(
      /^engine ended with exit status 3\./,
    );
    writeFileSync(file, "console.log('The port of today is in use.'); process.exitCode = 3;");
    await expect(supervisor.start({ name: "engine", purpose: "engine", file })).rejects.toThrow(
      /^The port of today is in use\.$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
