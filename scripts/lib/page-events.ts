import { z } from "zod";
import { type ComparedEvent, canonical } from "./event-comparison.ts";

const atOnce = 8;
const limit = 2_000;

const eventPage = z.object({
  result: z.object({
    data: z.object({
      total: z.number(),
      events: z.array(
        z.object({
          seq: z.number(),
          at: z.number(),
          inputId: z.string(),
          event: z.looseObject({ type: z.string() }),
        }),
      ),
      missing: z.object({ why: z.string() }).optional(),
    }),
  }),
});

/**
 * What the pages of the runs show, by the call with which they ask for it.
 *
 * @param api of one namespace, `http://host:port/trpc/tenant/namespace`
 * @throws Error when the server does not answer, or lacks events by its own account
 */
export async function pageEvents(api: string, runIds: readonly string[]): Promise<ComparedEvent[]> {
  const found: ComparedEvent[] = [];
  const left = [...runIds];
  const take = async (): Promise<void> => {
    for (let runId = left.pop(); runId !== undefined; runId = left.pop())
      found.push(...(await eventsOf(api, runId)));
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return found;
}

async function eventsOf(api: string, runId: string): Promise<ComparedEvent[]> {
  const found: ComparedEvent[] = [];
  for (let afterSeq = 0; ; ) {
    const input = encodeURIComponent(JSON.stringify({ runId, afterSeq, limit }));
    const answer = await fetch(`${api}/runs.events?input=${input}`, { signal: AbortSignal.timeout(30_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The page of run ${runId}: ${answer.status} ${text.slice(0, 200)}`);
    const { events, total, missing } = eventPage.parse(JSON.parse(text)).result.data;
    if (missing !== undefined) throw new Error(`The page of run ${runId} lacks events: ${missing.why}`);
    for (const { seq, at, inputId, event } of events)
      found.push({ runId, seq, type: event.type, at, text: canonical({ at, inputId, event }) });
    if (found.length >= total || events.length === 0) return found;
    afterSeq = events.at(-1)?.seq ?? total;
  }
}
