import { expect, test, vi } from "vitest";
import { type Device, LineOutput } from "../src/line-output.ts";

/** A file on a disk that is full when the test says so. */
class Disk implements Device {
  text = "";
  /** Bytes that still fit. */
  room = Number.POSITIVE_INFINITY;
  code = "ENOSPC";
  write(bytes: Buffer, done: Parameters<Device["write"]>[1]): void {
    setImmediate(() => {
      try {
        done(null, this.writeSync(bytes));
      } catch (error) {
        done(error as NodeJS.ErrnoException, 0);
      }
    });
  }
  writeSync(bytes: Buffer): number {
    const fits = Math.min(this.room, bytes.byteLength);
    if (fits === 0) throw Object.assign(new Error("it can't be written"), { code: this.code });
    this.room -= fits;
    this.text += bytes.subarray(0, fits).toString();
    return fits;
  }
}

function outputOn(disk: Disk, mostBytes?: number) {
  const output = new LineOutput({ device: disk, ...(mostBytes !== undefined && { mostBytes }) });
  return { output, until: (text: string) => vi.waitFor(() => expect(disk.text).toContain(text), 5_000) };
}

test("lines are written in their order", async () => {
  const disk = new Disk();
  const { output, until } = outputOn(disk);
  for (let line = 0; line < 10_000; line++) output.write(`line ${line}\n`);
  await until("line 9999\n");
  expect(disk.text).toBe(Array.from({ length: 10_000 }, (_, line) => `line ${line}\n`).join(""));
  expect(output.dropped).toBe(0);
});

test("while the disk is full some are kept, the rest is counted, and with room again a line says how many are missing there", async () => {
  const disk = new Disk();
  const { output, until } = outputOn(disk, 30);
  disk.room = 3;
  for (let line = 0; line < 100; line++) output.write(`line ${line + 10}\n`);
  expect(output.dropped).toBe(97);
  await until("lin");
  disk.room = Number.POSITIVE_INFINITY;
  await until('97 lines are missing here: they could not be written"}\n');
  output.write("after\n");
  await until("after\n");
  expect(disk.text).toMatch(/^line 10\nline 11\nline 12\n\{"level":40,.*"dropped":97,.*\}\nafter\n$/);
});

test("the end of the process does not wait for room", () => {
  const disk = new Disk();
  const { output } = outputOn(disk);
  disk.room = 0;
  output.write("lost\n");
  output.write("lost, too\n");
  output.flushSync();
  expect(disk.text).toBe("");
});

test("what is fatal is written before the process ends", () => {
  const disk = new Disk();
  const { output } = outputOn(disk);
  output.write("one\n");
  output.write("two\n");
  output.write("fatal\n");
  output.flushSync();
  // What is under way goes on by itself.
  expect(disk.text).toBe("two\nfatal\n");
});

test("a reader that is slow is waited for, and one that is gone is not", async () => {
  const disk = new Disk();
  const { output, until } = outputOn(disk);
  disk.room = 0;
  disk.code = "EAGAIN";
  output.write("slow\n");
  await vi.waitFor(() => expect(disk.text).toBe(""));
  disk.room = 5;
  await until("slow\n");
  disk.code = "EPIPE";
  output.write("gone\n");
  await vi.waitFor(() => expect(output.dropped).toBe(1));
  output.write("gone\n");
  expect(output.dropped).toBe(2);
});
