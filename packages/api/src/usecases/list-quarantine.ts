import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import { may } from "../permissions/policy.ts";
import { notShown } from "../permissions/without-payloads.ts";
import type { QuarantineList } from "../views.ts";

const unreadable = "It can't be read. What is wrong with it is shown to who may see payloads.";

export const ListQuarantine = z.object({ cursor, limit: limit(500, 100) }).prefault({});

/** A message that can't be read may be anything: its text, and a reason that quotes it, are payloads to whoever may not see any. */
export function listQuarantine(
  { readModel, feed, earlier, cursors, role }: Context,
  input: z.infer<typeof ListQuarantine>,
): QuarantineList {
  const { messages, ...others } = cursors.page(input, (query) => readModel.quarantine(query));
  return {
    ...others,
    messages: may(role, "seePayloads")
      ? messages
      : messages.map((message) => ({ ...message, reason: unreadable, text: notShown })),
    freshness: freshnessNow({ feed, earlier }),
  };
}
