import type {
  ActionView,
  AttentionList,
  EventPage,
  LiveChange,
  Me,
  Overview,
  RunList,
  RunView,
} from "@downbeat/api/views";
import { initTRPC, tracked } from "@trpc/server";
import type { RunFilter } from "../lib/run-filter.ts";

// Stands in for `AppRouter` of @downbeat/api until that exists. Types only.
const t = initTRPC.create();
const p = t.procedure;
const is =
  <T>() =>
  (v: unknown) =>
    v as T;
const no = <T>(): T => {
  throw new Error("type only");
};
interface JobAction {
  runId: string;
  jobId: string;
  reason: string;
  actionId?: string;
}
interface RunAction {
  runId: string;
  reason: string;
  actionId?: string;
}
const router = t.router({
  runs: t.router({
    list: p
      .input(is<{ filter?: RunFilter; cursor?: string | null; limit?: number }>())
      .query(() => no<RunList>()),
    get: p.input(is<{ runId: string; sinceSeq?: number }>()).query(() => no<RunView>()),
    events: p
      .input(is<{ runId: string; afterSeq?: number; limit?: number; types?: string[] }>())
      .query(() => no<EventPage>()),
    start: p
      .input(
        is<{
          workflow: string;
          input: string;
          runId?: string;
          labels?: Record<string, string>;
          actionId?: string;
        }>(),
      )
      .mutation(() => no<ActionView>()),
    cancel: p.input(is<RunAction>()).mutation(() => no<ActionView>()),
    terminate: p.input(is<RunAction>()).mutation(() => no<ActionView>()),
    resume: p.input(is<RunAction>()).mutation(() => no<ActionView>()),
    signal: p
      .input(is<{ runId: string; name: string; payload: string; reason?: string; actionId?: string }>())
      .mutation(() => no<ActionView>()),
  }),
  jobs: t.router({
    retry: p.input(is<JobAction & { input?: string }>()).mutation(() => no<ActionView>()),
    cancel: p.input(is<JobAction>()).mutation(() => no<ActionView>()),
    complete: p.input(is<JobAction & { output: string }>()).mutation(() => no<ActionView>()),
    runNow: p.input(is<JobAction>()).mutation(() => no<ActionView>()),
  }),
  attention: t.router({
    list: p
      .input(is<{ cursor?: string | null; limit?: number; fingerprint?: string }>())
      .query(() => no<AttentionList>()),
  }),
  actions: t.router({
    outcome: p.input(is<{ runId: string; actionId: string }>()).query(() => no<ActionView>()),
  }),
  overview: t.router({
    get: p
      .input(is<{ from: number; to: number; bucketMs?: number; workflow?: string }>())
      .query(() => no<Overview>()),
  }),
  workflows: t.router({ list: p.query(() => no<{ workflows: { workflow: string }[] }>()) }),
  live: t.router({
    changes: p
      .input(is<{ runId?: string; afterSeq?: number; lastEventId?: string | null }>())
      .subscription(async function* () {
        yield tracked("", no<LiveChange>());
      }),
  }),
  me: t.router({ get: p.query(() => no<Me>()) }),
});
export type AppRouter = typeof router;
