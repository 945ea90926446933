import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkNotes } from "@downbeat/engine/work-notes";
import { expect, onTestFinished, test } from "vitest";

const watchdog = new URL("../src/watchdog.ts", import.meta.url).href;
const workNotes = import.meta.resolve("@downbeat/engine/work-notes");

/** A process under a watchdog of 600 ms that is deciding `c`, and does the given thing after that. */
function guarded(code: string) {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-watchdog-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const notes = join(folder, "work");
  const source = `
    const { startWatchdog } = await import(${JSON.stringify(watchdog)});
    const { WorkNotes } = await import(${JSON.stringify(workNotes)});
    const notes = new WorkNotes(${JSON.stringify(notes)});
    const stop = startWatchdog({ notes: ${JSON.stringify(notes)}, stuckAfterMs: 600 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    notes.deciding(0, "c");
    ${code}`;
  const file = join(folder, "guarded.mjs");
  writeFileSync(file, source);
  const child = spawn(process.execPath, [file]);
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const unfinished = () => {
    const read = new WorkNotes(notes);
    const found = read.takeUnfinished(0);
    read.close();
    return found;
  };
  return { child, said: () => said, unfinished };
}

async function endOf(child: ChildProcess): Promise<unknown> {
  const [code, signal] = await once(child, "exit");
  return signal ?? code;
}

test("a loop without end is ended, and what was being decided is noted as long", async () => {
  const { child, said, unfinished } = guarded("for (;;) {}");
  expect(await endOf(child)).toBe("SIGKILL");
  expect(said()).toContain("has stood still for 1 s of its own time");
  expect(unfinished()).toEqual({ commandId: "c", isInCode: false, isLong: true });
});

test("a thread that sleeps forever in the midst of it is ended too", async () => {
  const { child } = guarded("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);");
  expect(await endOf(child)).toBe("SIGKILL");
});

test("a process that ends itself in the midst of it has noted that it was no chance", async () => {
  const { child, unfinished } = guarded("process.exit(7);");
  expect(await endOf(child)).toBe(7);
  expect(unfinished()).toMatchObject({ commandId: "c", isLong: true });
});

test("one that is busy and goes on turning, and one that rests, live", async () => {
  const { child, unfinished } = guarded(`
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      for (const end = performance.now() + 20; performance.now() < end; );
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    notes.decided(0);
    await stop();
    process.exit(0);`);
  expect(await endOf(child)).toBe(0);
  expect(unfinished()).toBeUndefined();
});
