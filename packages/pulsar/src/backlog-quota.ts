import { z } from "zod";

/** Of a topic's figures. An embedded log has no quotas. */
export const quotaAnswer = z.object({
  backlogSize: z.number().optional(),
  backlogQuotaLimitSize: z.number().optional(),
  oldestBacklogMessageAgeSeconds: z.number().optional(),
  backlogQuotaLimitTime: z.number().optional(),
  subscriptions: z.record(z.string(), z.object({ msgBacklog: z.number().optional() })).optional(),
});

/** In a sentence, without a subject before it; `undefined` when the backlog is within its quota. */
export function whyFull(figures: z.infer<typeof quotaAnswer>): string | undefined {
  const { backlogSize = 0, backlogQuotaLimitSize: mostBytes = -1 } = figures;
  // The broker's own cursor for deduplication counts, and moves on only with further messages, so such a topic stays full.
  if (mostBytes >= 0 && backlogSize >= mostBytes && isTakenByAll(figures))
    return `the topic takes no more messages, though none waits: what deduplication may still need is ${bytes(backlogSize)}, and the backlog quota is ${bytes(mostBytes)}. Raise the quota.`;
  if (mostBytes >= 0 && backlogSize >= mostBytes)
    return `the topic takes no more messages: ${bytes(backlogSize)} wait in it, and its backlog quota is ${bytes(mostBytes)}.`;
  const { oldestBacklogMessageAgeSeconds: age = -1, backlogQuotaLimitTime: mostSeconds = -1 } = figures;
  if (mostSeconds > 0 && age >= mostSeconds)
    return `the topic takes no more messages: its oldest has waited ${age} s, and its backlog quota is ${mostSeconds} s.`;
  return undefined;
}

function isTakenByAll({ subscriptions = {} }: z.infer<typeof quotaAnswer>): boolean {
  const backlogs = Object.values(subscriptions).map(({ msgBacklog }) => msgBacklog);
  return backlogs.length > 0 && backlogs.every((backlog) => backlog === 0);
}

function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`;
  return `${Math.round(count / 1_000_000)} MB`;
}
