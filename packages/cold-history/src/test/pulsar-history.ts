import type { MessageLog, ReceivedMessage } from "@downbeat/message-log";
import { historySchema, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { expect, inject, vi } from "vitest";
import "../../../pulsar/test/provided.ts";
import type { ColdHistory } from "../port/cold-history.ts";

/** A namespace of its own on a real broker, with a history topic whose columns Pulsar SQL knows. */
export async function makeNamespace(what: string, partitions: number): Promise<string> {
  const namespace = `${what}-${Date.now().toString(36)}`;
  const admin = inject("pulsar").replace(/^ws/, "http");
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${admin}/admin/v2/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  const retention = { retentionTimeInMinutes: -1, retentionSizeInMB: -1 };
  await send("PUT", `namespaces/public/${namespace}`, { retention_policies: retention });
  await using opened = openedLog(namespace);
  await opened.log.createPartitionedTopic("history", partitions);
  const schema = { type: "JSON", schema: JSON.stringify(historySchema), properties: {} };
  await send("POST", `schemas/public/${namespace}/history/schema`, schema);
  return namespace;
}

export async function append(
  namespace: string,
  partition: number,
  payloads: readonly Uint8Array[],
): Promise<void> {
  await using opened = openedLog(namespace);
  const producer = await opened.log.openProducer(topics.history(partition));
  await Promise.all(payloads.map((payload) => producer.send({ payload })));
}

export async function readAll(
  namespace: string,
  partition: number,
  count: number,
): Promise<ReceivedMessage[]> {
  await using opened = openedLog(namespace);
  const messages: ReceivedMessage[] = [];
  const onMessage = (message: ReceivedMessage): void => {
    messages.push(message);
  };
  await opened.log.openReader(topics.history(partition), { from: "earliest", onMessage });
  await vi.waitFor(() => expect(messages).toHaveLength(count), { timeout: 20_000 });
  return messages;
}

/** The newest entry shows once the broker has said that it is confirmed. */
export async function untilVisible(sql: ColdHistory, records: number): Promise<void> {
  const asked = { who: "waiting", signal: new AbortController().signal };
  const counted = async (): Promise<unknown> =>
    (await sql.query({ sql: "SELECT count(*) FROM history", maxRows: 1 }, asked)).value.rows[0]?.[0];
  await vi.waitFor(async () => expect(await counted()).toBe(records), { timeout: 90_000, interval: 500 });
}

function openedLog(namespace: string): { log: MessageLog } & AsyncDisposable {
  const log = openPulsarWebSocketLog({ serviceUrl: inject("pulsar"), tenant: "public", namespace });
  return { log, [Symbol.asyncDispose]: () => log.close() };
}
