import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { expect, onTestFinished, test } from "vitest";
import { openLogThread } from "../src/log-thread/open-log-thread.ts";
import type { LogListeners } from "../src/wiring.ts";

const listeners: LogListeners = {
  onFatal: () => {},
  onDamaged: () => {},
  onFull: () => {},
  onNotice: () => {},
  onCompacted: () => {},
  onNotCompacted: () => {},
};

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-log-thread-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function data(port = 0, folder = scratchFolder()) {
  return {
    file: join(folder, "log.sqlite"),
    acceptLoss: false,
    port,
    operatorToken: "t",
    tenant: "public",
    namespace: "default",
  };
}

test("code that never ends in the engine's own thread does not hold the log up for others", async () => {
  const folder = scratchFolder();
  const script = join(folder, "stuck.mjs");
  const open = new URL("../src/log-thread/open-log-thread.ts", import.meta.url).href;
  writeFileSync(
    script,
    `const { openLogThread } = await import(${JSON.stringify(open)});
     const none = () => {};
     const { url } = await openLogThread(${JSON.stringify(data(0, folder))}, { onFatal: none, onDamaged: none, onFull: none });
     await new Promise((written) => process.stdout.write(url + "\\n", written));
     for (;;) {}`,
  );
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [url] = await once(createInterface(child.stdout), "line");
  const log = openPulsarWebSocketLog({ serviceUrl: String(url) });
  onTestFinished(() => log.close());
  const read: string[] = [];
  const arrived = Promise.withResolvers<void>();
  await log.openReader("history-partition-0", {
    from: "earliest",
    onMessage: ({ payload }) => {
      read.push(Buffer.from(payload).toString());
      arrived.resolve();
    },
  });
  const producer = await log.openProducer("history-partition-0");
  expect(await producer.send({ payload: Buffer.from("taken") })).toBeDefined();
  await arrived.promise;
  expect(read).toEqual(["taken"]);
  expect(child.exitCode).toBeNull();
});

test("the engine sees a message before it is durable, and everybody else after that", async () => {
  const thread = await openLogThread(data(), listeners);
  onTestFinished(() => thread.close());
  const seen: string[] = [];
  const both = Promise.withResolvers<void>();
  for (const [name, log] of [["engine", thread.log] as const, ["witness", thread.witnessLog] as const]) {
    await log.openReader("t", {
      from: "earliest",
      onMessage: () => {
        seen.push(name);
        if (seen.length === 2) both.resolve();
      },
    });
  }
  const producer = await thread.log.openProducer("t");
  await producer.send({ payload: Buffer.from("m") });
  await both.promise;
  expect(seen).toEqual(["engine", "witness"]);
});

test("what was taken is there when the log is closed and opened again", async () => {
  const given = data();
  const first = await openLogThread(given, listeners);
  const producer = await first.log.openProducer("t");
  const position = await producer.send({ payload: Buffer.from("m") });
  await first.close();
  const second = await openLogThread(given, listeners);
  onTestFinished(() => second.close());
  expect(await second.log.lastPosition("t")).toBe(position);
});

test("a port in use and a file that can't be opened are said in a sentence, and nothing is left running", async () => {
  const first = await openLogThread(data(), listeners);
  onTestFinished(() => first.close());
  const port = Number(new URL(first.url).port);
  await expect(openLogThread(data(port), listeners)).rejects.toThrow(
    `127.0.0.1:${port}: the port is in use by another process; choose another one`,
  );
  const folder = scratchFolder();
  writeFileSync(
    join(folder, "log.sqlite"),
    "no database at all, and long enough to be seen as one".repeat(100),
  );
  await expect(openLogThread(data(0, folder), listeners)).rejects.toThrow(/log\.sqlite/);
});
