import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { smallDisk } from "@downbeat/message-log/testing";
import { expect, onTestFinished, test, vi } from "vitest";

const program = join(import.meta.dirname, "talker.ts");

test("a process whose output is on a full disk answers, says later what is missing, and ends when it should", async ({
  skip,
}) => {
  await using disk = await smallDisk("16m");
  if (disk === undefined) return skip("mounting a file system takes more rights");
  const out = join(disk.place, "out.log");
  await disk.fill(2);
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
  await disk.empty();
  const isSaid = () => readFileSync(out, "utf8").includes("lines are missing here");
  await vi.waitFor(() => expect(isSaid()).toBe(true), 10_000);
  await disk.fill(2);
  expect(await answer("talk")).toBeGreaterThan(0);
  child.send("end");
  expect(await ended).toBe(7);
}, 60_000);
