import { topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Item, Look, Place, Seen } from "../item.ts";
import {
  quarantineRetention,
  type Retention,
  retentionWords,
  unlimited,
  workersRetention,
} from "../wanted.ts";

export const retentionAnswer = z.object({
  retentionTimeInMinutes: z.number(),
  retentionSizeInMB: z.number(),
});

/** Topics that are read without a subscription: only retention keeps what is in them, and the topics themselves. */
export const kept: Look = async (place) => {
  const { historyRetention } = place.wanted;
  return [
    await keptItem(place, "history", historyRetention ?? unlimited, historyRetention !== undefined),
    await keptItem(place, topics.quarantine, quarantineRetention, false),
    await keptItem(place, topics.savedQueries, unlimited, false),
    await keptItem(place, topics.causeMarks, unlimited, false),
    await keptItem(place, topics.quarantineMarks, unlimited, false),
    await keptItem(place, topics.savedViews, unlimited, false),
    await keptItem(place, topics.goals, unlimited, false),
    await keptItem(place, topics.boards, unlimited, false),
    await keptItem(place, topics.alerts, unlimited, false),
    await keptItem(place, topics.approvals, unlimited, false),
    await keptItem(place, topics.audit, unlimited, false),
    await keptItem(place, topics.workers, workersRetention, false),
    await keptItem(place, topics.workflows, unlimited, false),
  ];
};

async function keptItem(place: Place, topic: string, wanted: Retention, isAsked: boolean): Promise<Item> {
  const { cluster, path } = place;
  const at = `persistent/${path}/${topic}/retention`;
  const found = await cluster.glimpse(at, retentionAnswer);
  if (found === "off") return ofNamespace(place, isAsked ? wanted : unlimited, isAsked);
  const what = `retention of ${topic}`;
  if (found === "refused") return { what, seen: { as: "unseen", why: "the token may not look at it" } };
  const make = () => cluster.write("POST", at, retentionBody(wanted));
  const seen = retentionSeen(found.value && retentionOf(found.value), wanted, isAsked, make);
  return { what, seen: topic === "history" ? warned(seen, wanted) : seen };
}

/** Whoever limits history is told what it costs, whether it was chosen before or is asked for now. */
function warned(seen: Seen, wanted: Retention): Seen {
  const why = "a run that is open for longer loses its beginning, and is set aside";
  if (seen.as === "chosen") return { ...seen, why: `${seen.why}; ${why}` };
  const isLimited = wanted.minutes >= 0 || wanted.megabytes >= 0;
  return isLimited && seen.as !== "unseen" && seen.as !== "wrong" ? { ...seen, why } : seen;
}

/** Where topics can't have policies of their own. */
async function ofNamespace({ cluster, path }: Place, wanted: Retention, isAsked: boolean): Promise<Item> {
  const at = `namespaces/${path}/retention`;
  const found = await cluster.read(at, retentionAnswer);
  const make = () => cluster.write("POST", at, retentionBody(wanted));
  return {
    what: "retention of the namespace (the broker has policies of topics switched off)",
    seen: retentionSeen(found && retentionOf(found), wanted, isAsked, make),
  };
}

function retentionSeen(
  found: Retention | undefined,
  wanted: Retention,
  isAsked: boolean,
  make: () => Promise<void>,
): Seen {
  if (found === undefined) return { as: "missing", wanted: retentionWords(wanted), make };
  if (found.minutes === wanted.minutes && found.megabytes === wanted.megabytes)
    return { as: "there", found: retentionWords(found) };
  if (isAsked || found.minutes === 0)
    return { as: "other", found: retentionWords(found), wanted: retentionWords(wanted), make };
  return {
    as: "chosen",
    found: retentionWords(found),
    why: `not ${retentionWords(wanted)}, and not asked for here`,
  };
}

export function retentionOf(answer: z.output<typeof retentionAnswer>): Retention {
  return { minutes: answer.retentionTimeInMinutes, megabytes: answer.retentionSizeInMB };
}

function retentionBody({ minutes, megabytes }: Retention): z.input<typeof retentionAnswer> {
  return { retentionTimeInMinutes: minutes, retentionSizeInMB: megabytes };
}
