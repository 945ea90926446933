import { parseZone } from "@downbeat/read-model/zone";
import { z } from "zod";
import { tellCase } from "../case/tell-case.ts";
import { caseAudiences } from "../case/tell-event.ts";
import { caseLanguages, Words } from "../case/words.ts";
import type { Context } from "../context.ts";
import { askedRunId } from "../inputs.ts";
import { may } from "../permissions/policy.ts";
import type { CaseView, EventView } from "../views.ts";
import { getRun } from "./get-run.ts";

export const GetCase = z.object({
  runId: askedRunId,
  language: z.enum(caseLanguages).default("en"),
  audience: z.enum(caseAudiences).default("colleague"),
  /** Whose clocks the times are of. */
  timeZone: z
    .string()
    .refine((name) => parseZone(name) !== undefined, "not a time zone that this server knows")
    .default("UTC"),
});

/** What is said is made of what the role may see. */
export async function getCase(context: Context, input: z.infer<typeof GetCase>): Promise<CaseView> {
  const { runId, language, audience, timeZone } = input;
  const { freshness, ...run } = await getRun(context, { runId });
  const told = tellCase({
    run: context.masking.shown(run),
    events: context.masking.shown(eventsOf(context, runId), { runId }),
    words: new Words(language, timeZone),
    audience,
    maySeePayloads: may(context.role, "seePayloads"),
  });
  return { ...told, freshness };
}

function eventsOf({ readModel }: Context, runId: string): readonly EventView[] {
  return readModel.events(runId, { afterSeq: 0, limit: Number.MAX_SAFE_INTEGER })?.events ?? [];
}
