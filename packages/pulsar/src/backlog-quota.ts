import { z } from "zod";

/** Of a topic's figures. An embedded log has no quotas. */
export const quotaAnswer = z.object({
  backlogSize: z.number().optional(),
  backlogQuotaLimitSize: z.number().optional(),
  oldestBacklogMessageAgeSeconds: z.number().optional(),
  backlogQuotaLimitTime: z.number().optional(),
});

/** In a sentence, without a subject before it; `undefined` when the backlog is within its quota. */
export function whyFull(figures: z.infer<typeof quotaAnswer>): string | undefined {
  const { backlogSize = 0, backlogQuotaLimitSize: mostBytes = -1 } = figures;
  if (mostBytes >= 0 && backlogSize >= mostBytes)
    return `the topic takes no more messages: ${bytes(backlogSize)} wait in it, and its backlog quota is ${bytes(mostBytes)}.`;
  const { oldestBacklogMessageAgeSeconds: age = -1, backlogQuotaLimitTime: mostSeconds = -1 } = figures;
  if (mostSeconds > 0 && age >= mostSeconds)
    return `the topic takes no more messages: its oldest has waited ${age} s, and its backlog quota is ${mostSeconds} s.`;
  return undefined;
}

function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)} kB`;
  return `${Math.round(count / 1_000_000)} MB`;
}
