import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import type { MessageLog, Producer, ReceivedMessage } from "@downbeat/message-log";

export interface TestLog extends AsyncDisposable {
  readonly log: MessageLog;
  /** Another handle, as another process would have. */
  connect(): MessageLog;
}

/** An embedded log in a directory of its own, with its inbox and history set up. */
export async function openTestLog(partitions = 2, more: { maxMessageBytes?: number } = {}): Promise<TestLog> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-sdk-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db"), ...more });
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", partitions);
  await log.createPartitionedTopic("history", partitions);
  return {
    log,
    connect: () => embedded.connect(),
    async [Symbol.asyncDispose]() {
      await embedded.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Everything that is and comes into the topics. */
export async function collect<T>(
  log: MessageLog,
  topics: readonly string[],
  parse: (message: ReceivedMessage) => readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  for (const topic of topics) {
    await log.openReader(topic, {
      from: "earliest",
      onMessage: (message) => void all.push(...parse(message)),
    });
  }
  return all;
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what = "the condition",
): Promise<void> {
  const deadline = Date.now() + 75_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The log, to which messages are sent as `send` does. */
export function sending(
  log: MessageLog,
  send: (
    topic: string,
    ...sent: Parameters<Producer["send"]>
  ) => (producer: Producer) => ReturnType<Producer["send"]>,
): MessageLog {
  const openProducer: MessageLog["openProducer"] = async (topic, options) => {
    const producer = await log.openProducer(topic, options);
    return own(producer, { send: (...sent: Parameters<Producer["send"]>) => send(topic, ...sent)(producer) });
  };
  return own(log, { openProducer });
}

function own<T extends object>(whole: T, parts: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in parts ? parts : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
