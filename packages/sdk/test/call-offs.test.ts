import type { MessageLog, ReaderOptions } from "@downbeat/message-log";
import { encodeCalledOffMessage, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { CallOffs, calledOff } from "../src/worker/call-offs.ts";
import { until } from "./open-log.ts";

const message = { runId: "r", jobId: "j1", jobType: "pay", attempt: 2, because: "cancelled" };

test("a worker hears which attempts nobody waits for any more, and passes over what it can't read", async () => {
  const readers: (ReaderOptions & { topic: string })[] = [];
  let closed = 0;
  const log: Pick<MessageLog, "openReader" | "lastPosition"> = {
    lastPosition: async () => undefined,
    openReader: async (topic, options) => {
      readers.push({ ...options, topic });
      return { close: async () => void closed++ };
    },
  };
  const heard: unknown[] = [];
  const callOffs = new CallOffs({
    log: log as MessageLog,
    reconnect: {},
    onCalledOff: (one) => void heard.push(one),
  });
  await until(() => readers.length === 1, "the reader");
  expect(readers[0]).toMatchObject({ topic: topics.calledOff, from: "earliest" });
  const say = (payload: Uint8Array) =>
    void readers[0]?.onMessage({
      position: "1:1" as never,
      payload,
      properties: {},
      publishTime: 1,
      redeliveryCount: 0,
    });
  say(encodeCalledOffMessage(message));
  for (const odd of ["", "{}", '{"runId":7}']) say(Buffer.from(odd));
  say(encodeCalledOffMessage({ ...message, attempt: 3 }));
  expect(heard).toEqual([message, { ...message, attempt: 3 }]);
  await callOffs.close();
  expect(closed).toBe(1);
});

test.each([
  ["abandoned", "its run has ended without waiting for it"],
  ["cancelled", "the job was cancelled"],
  ["completed", "a person completed the job"],
  ["timedOut", "the attempt's time is up"],
  ["something newer", "nobody waits for it any more"],
])("a handler is told why: %s", (because, why) => {
  expect(calledOff({ ...message, because }).message).toBe(`pay was called off: ${why}.`);
});
