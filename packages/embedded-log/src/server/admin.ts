import type { IncomingMessage } from "node:http";
import { LogError, parsePosition } from "@downbeat/message-log";
import { Namespace } from "@downbeat/wire";
import type { LogHandle } from "../log-handle.ts";
import { decoded } from "./session-path.ts";

export interface AdminReply {
  readonly status: number;
  readonly body?: string;
}

const notFound: AdminReply = { status: 404, body: JSON.stringify({ reason: "Not found" }) };

/** The part of Pulsar's admin API that clients of the log use. Throws `LogError`. */
export async function answerAdmin(
  request: IncomingMessage,
  handleOf: (tenant: string, namespace: string) => LogHandle,
): Promise<AdminReply> {
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (request.method === "GET" && path === "/admin/v2/brokers/health") return { status: 200, body: "ok" };
  const [, admin, version, domain, tenant, namespace, topic, what, argument, ...rest] = path
    .split("/")
    .map(decoded);
  if (admin !== "admin" || version !== "v2" || domain !== "persistent" || rest.length > 0) return notFound;
  if ((argument !== undefined) !== (what === "messageid")) return notFound;
  if (tenant === undefined || namespace === undefined) return notFound;
  const log = handleOf(tenant, namespace);
  if (topic === undefined) {
    const names = new Namespace(tenant, namespace);
    return request.method === "GET" ? json(log.topics().map((name) => names.fullName(name))) : notFound;
  }
  switch (`${request.method} ${what}`) {
    case "GET partitions":
      return json({ partitions: await log.partitionsOf(topic) });
    case "PUT partitions":
      return createPartitioned(log, topic, await bodyOf(request));
    case "GET lastMessageId":
      return log.hasTopic(topic) ? lastMessageId(log, topic) : notFound;
    case "GET messageid":
      return log.hasTopic(topic) ? messageIdAt(log, topic, argument ?? "") : notFound;
    case "GET stats":
      return log.hasTopic(topic) ? stats(log, topic) : notFound;
    default:
      return notFound;
  }
}

async function createPartitioned(log: LogHandle, topic: string, body: string): Promise<AdminReply> {
  // Pulsar says 409 whatever the number of partitions of the one that exists.
  if ((await log.partitionsOf(topic)) > 0) throw new LogError("conflict", "This topic already exists");
  await log.createPartitionedTopic(topic, Number(body.trim() === "" ? Number.NaN : body));
  return { status: 204 };
}

async function lastMessageId(log: LogHandle, topic: string): Promise<AdminReply> {
  const last = await log.lastPosition(topic);
  const { ledger, entry } = last === undefined ? { ledger: -1, entry: -1 } : parsePosition(last);
  return json({ ledgerId: ledger, entryId: entry, partitionIndex: -1 });
}

async function messageIdAt(log: LogHandle, topic: string, time: string): Promise<AdminReply> {
  if (!/^-?\d{1,16}$/.test(time)) return notFound;
  const found = await log.positionAt(topic, Number(time));
  if (found !== undefined) {
    const { ledger, entry } = parsePosition(found);
    return json({ ledgerId: ledger, entryId: entry, partitionIndex: -1 });
  }
  // As Pulsar answers: where the next message will be.
  const last = await log.lastPosition(topic);
  const { ledger, entry } = last === undefined ? { ledger: 0, entry: -1 } : parsePosition(last);
  return json({ ledgerId: ledger, entryId: entry + 1, partitionIndex: -1 });
}

async function stats(log: LogHandle, topic: string): Promise<AdminReply> {
  const { subscriptions } = await log.topicStats(topic);
  const backlogs = await Promise.all(subscriptions.map(({ name }) => log.backlogOf(topic, name)));
  const entries = subscriptions.map((subscription, index) => [
    subscription.name,
    {
      earliestMsgPublishTimeInBacklog: backlogs[index]?.oldest ?? -1,
      type: subscription.type ?? "None",
      msgBacklog: subscription.backlog,
      msgDelayed: subscription.delayed,
      consumers: subscription.consumers.map((consumerName) => ({ consumerName })),
      activeConsumerName: subscription.activeConsumer,
    },
  ]);
  return json({ subscriptions: Object.fromEntries(entries) });
}

function json(value: unknown): AdminReply {
  return { status: 200, body: JSON.stringify(value) };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > 1_000) throw new LogError("tooLarge", "The request's body is too large.");
  }
  return body;
}
