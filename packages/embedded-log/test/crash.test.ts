import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { MessageLog, ReceivedMessage } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { afterEach, expect, test } from "vitest";
import { openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

const child = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
const running = new Set<ChildProcess>();

afterEach(() => {
  for (const one of running) one.kill("SIGKILL");
});

test("a log killed under load again and again keeps everything that had a receipt", {
  timeout: 120_000,
}, async () => {
  const { file, directory } = await temporaryFile();
  const receipts = { cause: new Map<number, string>(), history: new Map<number, string>() };
  let next = 0;
  for (let round = 0; round < 6; round++) {
    const output = await runAndKill(file, next, 250 + round * 90);
    expect(noteReceipts(output, receipts), "the child wrote before it was killed").toBeGreaterThan(0);
    next = await checkLog(file, receipts);
  }
  await rm(directory, { recursive: true });
});

test.each([
  ["exits", "exit", 9, 500],
  ["throws where nobody catches it", "throw", 1, 500],
  ["exits after more than its write-ahead log holds", "exit", 9, 40_000],
] as const)(
  "a log whose process %s opens again, with everything that had a receipt",
  async (_, how, status, after) => {
    const { file, directory } = await temporaryFile();
    const receiptsFile = `${file}.receipts`;
    const one = spawn(process.execPath, [child, file, receiptsFile, "0", String(after), how], {
      stdio: "ignore",
    });
    running.add(one);
    expect(await once(one, "close")).toEqual([status, null]);
    running.delete(one);
    const receipts = { cause: new Map<number, string>(), history: new Map<number, string>() };
    noteReceipts(readFileSync(receiptsFile, "utf8"), receipts);
    expect(receipts.cause.size).toBeGreaterThanOrEqual(after);
    await checkLog(file, receipts);
    await rm(directory, { recursive: true });
  },
);

interface Receipts {
  readonly cause: Map<number, string>;
  readonly history: Map<number, string>;
}

/** @returns how many */
function noteReceipts(output: string, receipts: Receipts): number {
  const lines = output.split("\n").slice(0, -1);
  for (const line of lines) {
    const [topic, number, position] = line.split(" ");
    if (topic !== "cause" && topic !== "history") throw new Error(`Unexpected output: ${line}`);
    receipts[topic].set(Number(number), position ?? "");
  }
  return lines.length;
}

/** Returns what the child has written down, up to the last whole line. */
async function runAndKill(file: string, firstNumber: number, afterMs: number): Promise<string> {
  const receiptsFile = `${file}.receipts`;
  await rm(receiptsFile, { force: true });
  const one = spawn(process.execPath, [child, file, receiptsFile, String(firstNumber)], { stdio: "inherit" });
  running.add(one);
  await until("the child writes", () => existsSync(receiptsFile) && statSync(receiptsFile).size > 0);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  one.kill("SIGKILL");
  await once(one, "close");
  running.delete(one);
  return readFileSync(receiptsFile, "utf8");
}

/** Returns the number to go on with. */
async function checkLog(
  file: string,
  receipts: { readonly cause: ReadonlyMap<number, string>; readonly history: ReadonlyMap<number, string> },
): Promise<number> {
  const opened = await openEmbeddedLog({ file });
  const log = opened.connect();

  const history = await everything(log, "history-partition-0");
  const inHistory = new Map(history.map((message) => [numberOf(message), message.position as string]));
  expect(history.map((message) => message.position)).toEqual(
    history.map((message) => message.position).toSorted(),
  );
  expect(history.map(numberOf)).toEqual(history.map(numberOf).toSorted((a, b) => a - b));
  for (const message of history) expect(message.payload.byteLength).toBe(lengthOf(numberOf(message)));
  for (const [number, position] of receipts.history) expect(inHistory.get(number)).toBe(position);

  const effects = new Set((await everything(log, "effects")).map(numberOf));
  const pending = await unacknowledged(log);
  for (const number of receipts.cause.keys()) {
    expect(effects.has(number) || pending.has(number), `cause ${number} is replied to or still to come`).toBe(
      true,
    );
  }
  // A crash loses a suffix only: an effect was appended after its cause and after the history record of that number.
  for (const number of effects) expect(inHistory.has(number), `history holds ${number}`).toBe(true);
  await opened.close();
  return Math.max(-1, ...pending, ...inHistory.keys()) + 1;
}

async function everything(log: MessageLog, topic: string): Promise<ReceivedMessage[]> {
  const last = await log.lastPosition(topic);
  const messages: ReceivedMessage[] = [];
  if (last === undefined) return messages;
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage: (message) => {
      messages.push(message);
    },
  });
  await until("the end is read", () => messages.at(-1)?.position === last);
  await reader.close();
  return messages;
}

/** Looks without acknowledging: the next round's consumer gets them again. */
async function unacknowledged(log: MessageLog): Promise<Set<number>> {
  const { subscriptions } = await log.topicStats("causes");
  const backlog = subscriptions[0]?.backlog ?? 0;
  const numbers = new Set<number>();
  const consumer = await log.openConsumer("causes", {
    subscription: "sub",
    type: "Failover",
    queueSize: 1_000,
    onMessage: (message) => {
      numbers.add(numberOf(message));
    },
  });
  await until("all of the backlog came", () => numbers.size >= Math.min(backlog, 1_000));
  await consumer.close();
  if (backlog > 1_000) throw new Error(`A backlog of ${backlog} is more than this test looks at`);
  return numbers;
}

function numberOf(message: ReceivedMessage): number {
  return Number.parseInt(new TextDecoder().decode(message.payload), 10);
}

function lengthOf(number: number): number {
  return `${number} `.length + (number % 300);
}
