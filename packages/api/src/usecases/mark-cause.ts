import { type CauseMarkMessage, link, longestNote } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { saysSomethingAt } from "../causes/cause-mark-fold.ts";
import type { Context } from "../context.ts";
import { fingerprint } from "../inputs.ts";
import type { AttentionKind, CauseMark, MarkCauseAnswer } from "../views.ts";

const mostMarks = 2_000;
/** Whoever means forever means that it is no cause to be told of: that is for the code. */
const longestMuteMs = 366 * 86_400_000;

export const MarkCause = z.object({
  fingerprint,
  /** Of the mark that was seen, 0 where nothing was said: if somebody said something meanwhile, nothing is changed. */
  version: z.number().int().min(0),
  /** What is not given stays as it is; `null` takes it away. */
  mutedUntil: z.number().int().min(0).nullish(),
  note: z.string().trim().max(longestNote).nullish(),
  ticket: z.union([z.literal(""), link]).nullish(),
  /** What it has stopped up to now is dealt with. */
  resolved: z.boolean().optional(),
});

export async function markCause(
  context: Context,
  input: z.infer<typeof MarkCause>,
): Promise<MarkCauseAnswer> {
  const { causeMarks, actor, now, newId } = context;
  const { fingerprint, version, mutedUntil } = input;
  const at = now();
  if (typeof mutedUntil === "number") {
    if (mutedUntil <= at) throw new ApiError("badInput", "A cause is muted until a moment that is to come.");
    if (mutedUntil - at > longestMuteMs)
      throw new ApiError("badInput", "A cause is muted for a year at most.");
  }
  const known = await causeMarks.upToNow();
  const before = causeMarks.of(fingerprint);
  const isNew = before === undefined || !saysSomethingAt(before, at);
  const replaces = before?.version ?? 0;
  // What says nothing is in no answer: who sees nothing can't know that it has a version.
  if (version !== replaces && !(isNew && version === 0)) return conflict(before, context, fingerprint);
  const cause = context.masking.shown(await causeOf(context, fingerprint));
  const about = cause?.about ?? before?.about;
  if (about === undefined)
    throw new ApiError("notFound", `Nothing falls under the cause ${fingerprint} any more.`);
  const { mutedUntil: muted, note, ticket, resolvedAt } = before ?? {};
  const message: CauseMarkMessage = {
    type: "marked",
    fingerprint,
    by: actor,
    at,
    replaces,
    changeId: newId(),
    about,
    ...part("mutedUntil", mutedUntil, muted),
    ...part("note", input.note, note),
    ...part("ticket", input.ticket, ticket),
    // Whatever was seen is meant, also where an engine's clock is ahead of this one.
    ...part("resolvedAt", resolution(input.resolved, Math.max(at, cause?.lastSeen ?? 0)), resolvedAt),
  };
  if (isNew && known.filter((mark) => saysSomethingAt(mark, at)).length >= mostMarks)
    throw new ApiError(
      "badInput",
      `Something is said of ${mostMarks} causes already: remove marks that nobody needs.`,
    );
  const counts = await causeMarks.append(message);
  const mark = causeMarks.of(fingerprint);
  if (!counts || mark === undefined) return conflict(mark, context, fingerprint);
  return { outcome: "marked", mark };
}

function resolution(resolved: boolean | undefined, at: number): number | null | undefined {
  if (resolved === undefined) return undefined;
  return resolved ? at : null;
}

/** What is given, or what was there before; nothing where it is taken away. */
function part<Name extends string, Value extends string | number>(
  name: Name,
  given: Value | null | undefined,
  before: Value | undefined,
): { [Key in Name]?: Value } {
  const value = given === undefined ? before : given;
  return (value === undefined || value === null || value === "" ? {} : { [name]: value }) as {
    [Key in Name]?: Value;
  };
}

function conflict(
  mark: CauseMark | undefined,
  { actor, now }: Context,
  fingerprint: string,
): MarkCauseAnswer {
  const none = { fingerprint, version: 0, by: actor, at: now(), about: { title: "", message: "" } };
  return { outcome: "conflict", mark: mark ?? none };
}

const longestTitle = 200;
const longestMessage = 1_000;

/** Of those that are called by no job type and no workflow. */
const titles: Partial<Record<AttentionKind, string>> = {
  held: "Bulk action held",
  history: "Damaged history",
};

async function causeOf({ readModel, waits }: Context, fingerprint: string) {
  const causes = await waits.causes();
  // As if it had a mark: those that have are listed however many others there are.
  const marks = [{ fingerprint, version: 0, by: "", at: 0, about: { title: "", message: "" } }];
  const { groups } = readModel.attention({ limit: 1, waits: causes, marks });
  const group = groups.find((each) => each.fingerprint === fingerprint);
  if (group === undefined) return undefined;
  const { kind, jobType, workflow, errorName, message, lastSeen } = group;
  const title = jobType ?? titles[kind] ?? workflow ?? "Workflow code";
  const isNamed = kind === "job" || kind === "code";
  return {
    fingerprint,
    lastSeen,
    about: {
      title: title.slice(0, longestTitle),
      message: (isNamed ? `${errorName}: ${message}` : message).slice(0, longestMessage),
    },
  };
}
