import { keepClosedOf, keepDuration } from "@downbeat/protocol";
import { CommandFailure } from "../failure.ts";
import type { StartOptions } from "./start.ts";

/**
 * What the engine with the embedded log, and the server, are told of how long closed runs are kept.
 *
 * @throws CommandFailure where it can't be so
 */
export function keepEnv({
  keepClosed,
  keepIds,
  pulsar,
}: Pick<StartOptions, "keepClosed" | "keepIds" | "pulsar">): Readonly<Record<string, string>> {
  if (pulsar !== undefined && (keepClosed !== undefined || keepIds !== undefined))
    throw new CommandFailure(
      "usage",
      "--keep-closed and --keep-ids are for the embedded log. On a cluster the retention of the topics history-partition-… says how long history is kept, all of it alike: see docs/pulsar.md. Compaction of a topic is not for history: it keeps the last message of each key only.",
    );
  const parsed = (text: string | undefined) => (text === undefined ? undefined : keepDuration.parse(text));
  try {
    keepClosedOf({ DOWNBEAT_KEEP_CLOSED: parsed(keepClosed), DOWNBEAT_KEEP_IDS: parsed(keepIds) });
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
  return {
    ...(keepClosed !== undefined && { DOWNBEAT_KEEP_CLOSED: keepClosed }),
    ...(keepIds !== undefined && { DOWNBEAT_KEEP_IDS: keepIds }),
  };
}
