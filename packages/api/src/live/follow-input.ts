import { z } from "zod";
import { askedRunId, seq } from "../inputs.ts";

/** What one follower wants beside what all are told. */
export const FollowChanges = z
  .object({
    /** Runs whose new events are sent too, from the one after `afterSeq`: of all pages of a browser together. */
    follow: z
      .array(z.object({ runId: askedRunId, afterSeq: seq }))
      .max(20)
      .default([]),
    /** Of the last change that was received. */
    lastEventId: z.string().max(500).nullish(),
  })
  .prefault({});

export type FollowChanges = z.output<typeof FollowChanges>;
