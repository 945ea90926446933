import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

const program = join(import.meta.dirname, "talker.ts");

async function smallDisk(): Promise<string | undefined> {
  const place = await mkdtemp(join(tmpdir(), "downbeat-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", place], { stdio: "ignore" });
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
  onTestFinished(async () => {
    execFileSync("umount", ["--lazy", place]);
    await rm(place, { recursive: true });
  });
  return place;
}

test("a process whose output is on a full disk answers, says later what is missing, and ends when it should", async ({
  skip,
}) => {
  const place = await smallDisk();
  if (place === undefined) return skip("mounting a file system takes more rights");
  const out = join(place, "out.log");
  const ballast = join(place, "ballast");
  const fill = async () => {
    const { bavail, bsize } = await statfs(place);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail - 2) * bsize), { flag: "a" });
  };
  await fill();
  const descriptor = openSync(out, "a");
  const child = spawn(process.execPath, [program], { stdio: ["ignore", descriptor, descriptor, "ipc"] });
  closeSync(descriptor);
  onTestFinished(() => void child.kill("SIGKILL"));
  const answers: unknown[] = [];
  child.on("message", (answer) => answers.push(answer));
  const answer = async (question: string) => {
    answers.length = 0;
    child.send(question);
    await vi.waitFor(() => expect(answers).toHaveLength(1), 10_000);
    return answers[0];
  };
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await vi.waitFor(() => expect(answers).toEqual(["ready"]), 20_000);
  expect(await answer("talk")).toBeGreaterThan(0);
  expect(await answer("talk")).toBeGreaterThan(0);
  rmSync(ballast);
  const isSaid = () => readFileSync(out, "utf8").includes("lines are missing here");
  await vi.waitFor(() => expect(isSaid()).toBe(true), 10_000);
  await fill();
  expect(await answer("talk")).toBeGreaterThan(0);
  child.send("end");
  expect(await ended).toBe(7);
}, 60_000);
