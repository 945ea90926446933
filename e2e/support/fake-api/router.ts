import { roles } from "@downbeat/api/policy";
import type {
  ActionVerb,
  ActionView,
  AttentionChanges,
  AttentionItem,
  AttentionList,
  BulkList,
  BulkTargetList,
  CauseScope,
  EventPage,
  JobOutcomeList,
  KnownWorkflowList,
  LiveChange,
  MarkedCauseList,
  OpenJobList,
  Overview,
  OverviewTotals,
  RunList,
  RunState,
  RunStateView,
  RunSummary,
  RunView,
  TimerList,
  UsualDurations,
  UsualFigures,
  WorkerList,
} from "@downbeat/api/views";
import { fitsLabels, labelTests } from "@downbeat/domain";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { ownAccountAt } from "./account.ts";
import { alertsAt, incidentListAt } from "./alerts.ts";
import { announcedWorkers, announcedWorkflow } from "./announced.ts";
import { approvalsAt } from "./approvals.ts";
import { auditListAt } from "./audit.ts";
import { boardList } from "./boards.ts";
import { FakeBulks, type FakeTarget } from "./bulks.ts";
import { breakDownAt, goalFiguresAt, goalList } from "./figures.ts";
import { type Folded, foldStory } from "./fold.ts";
import { openJobsInput, openJobsOf, outcomesInput, outcomesOf } from "./jobs.ts";
import { FakeMarks } from "./marks.ts";
import { pageOf } from "./page-of.ts";
import { timersOf } from "./timers.ts";
import { madeToken, tokenListAt } from "./tokens.ts";
import { countByStatus, type World } from "./world.ts";

const t = initTRPC.create({
  sse: { ping: { enabled: true, intervalMs: 2_000 }, client: { reconnectAfterInactivityMs: 5_000 } },
});
const action = z.object({ runId: z.string(), reason: z.string(), actionId: z.string().optional() });
const jobAction = action.extend({ jobId: z.string() });
const filterSchema = z
  .object({
    status: z.array(z.string()).optional(),
    workflow: z.string().optional(),
    where: z
      .array(
        z.array(
          z.object({
            key: z.string(),
            test: z.enum(labelTests),
            value: z.string().exactOptional(),
            not: z.boolean().exactOptional(),
          }),
        ),
      )
      .optional(),
    text: z.string().optional(),
    content: z.string().optional(),
    from: z.number().optional(),
    to: z.number().optional(),
    by: z.enum(["started", "ended"]).optional(),
  })
  .default({});
type Filter = z.infer<typeof filterSchema>;
const whichTimer = z.object({
  runId: z.string(),
  kind: z.string(),
  id: z.string(),
  reason: z.string(),
  actionId: z.string(),
});
const bulkSelection = z.discriminatedUnion("type", [
  z.object({ type: z.literal("items"), items: z.array(z.object({ runId: z.string(), jobId: z.string() })) }),
  z.object({ type: z.literal("cause"), fingerprint: z.string() }),
]);

export function fakeRouter(world: World) {
  const found = (runId: string) => {
    const folded = world.fold(runId);
    if (!folded)
      throw new TRPCError({
        code: "NOT_FOUND",
        message: world.trouble.removedRuns?.[runId] ?? `There is no run “${runId}”.`,
      });
    return folded;
  };
  const bulks = new FakeBulks(world);
  const marks = new FakeMarks();
  const freshness = () => world.freshness();
  const pending = (
    verb: ActionVerb,
    input: { runId: string; reason?: string | undefined; actionId?: string | undefined; jobId?: string },
  ): ActionView => ({
    actionId: input.actionId ?? crypto.randomUUID(),
    verb,
    actor: "you",
    reason: input.reason ?? "",
    at: Date.now(),
    runId: input.runId,
    ...(input.jobId === undefined ? {} : { jobId: input.jobId }),
    outcome: { type: "pending" },
  });

  return t.router({
    runs: t.router({
      list: t.procedure
        .input(
          z.object({ filter: filterSchema, cursor: z.string().nullish(), limit: z.number().default(50) }),
        )
        .query(({ input: { filter, cursor, limit } }): RunList => {
          const { status, ...others } = filter;
          const { content } = filter;
          const narrowed = world
            .summaries()
            .filter((run) => matches(run, others))
            .filter(({ runId }) => content === undefined || said(found(runId).events, content));
          const runs = narrowed.filter((run) => matches(run, { status }));
          const { items, ...rest } = pageOf(runs, cursor, limit);
          return {
            runs: items,
            ...rest,
            countsByStatus: countByStatus(narrowed),
            freshness: freshness(),
          };
        }),
      get: t.procedure
        .input(z.object({ runId: z.string(), sinceSeq: z.number().optional() }))
        .query(({ input: { runId, sinceSeq } }): RunView => {
          const { summary, rows, events, ...rest } = found(runId);
          return {
            ...summary,
            ...rest,
            rows: sinceSeq === undefined ? rows : rows.filter((row) => row.lastSeq > sinceSeq),
            ...(sinceSeq === undefined ? {} : { sinceSeq }),
            startedBy: "traffic",
            eventCount: events.length,
            freshness: freshness(),
          };
        }),
      events: t.procedure
        .input(
          z.object({
            runId: z.string(),
            afterSeq: z.number().default(0),
            limit: z.number().default(200),
            types: z.array(z.string()).optional(),
          }),
        )
        .query(({ input: { runId, afterSeq, limit, types } }): EventPage => {
          const events = found(runId).events.filter(
            ({ event }) => types === undefined || types.includes(event.type),
          );
          return {
            events: events.filter(({ seq }) => seq > afterSeq).slice(0, limit),
            total: events.length,
            freshness: freshness(),
          };
        }),
      stateAt: t.procedure
        .input(z.object({ runId: z.string(), seq: z.number() }))
        .query(({ input: { runId, seq } }): RunStateView => stateOf(world, found(runId), seq)),
      usual: t.procedure
        .input(z.object({ workflow: z.string(), until: z.number() }))
        .query(({ input: { workflow, until } }): UsualDurations => usualOf(world, workflow, until)),
      suggestLabels: t.procedure
        .input(z.object({ key: z.string().optional(), beginning: z.string().default("") }))
        .query(({ input: { key, beginning } }) => {
          const labels = world.summaries().flatMap((run) => Object.entries(run.labels));
          const texts =
            key === undefined
              ? labels.map(([own]) => own)
              : labels.filter(([own]) => own === key).map(([, value]) => value);
          return {
            texts: [...new Set(texts)]
              .filter((text) => text.startsWith(beginning))
              .sort()
              .slice(0, 20),
          };
        }),
      start: t.procedure
        .input(
          z.object({
            workflow: z.string(),
            input: z.string(),
            runId: z.string().optional(),
            labels: z.record(z.string(), z.string()).optional(),
            actionId: z.string().optional(),
          }),
        )
        .mutation(({ input }): ActionView => {
          const runId = input.runId ?? crypto.randomUUID();
          return {
            ...pending("startRun", { runId, actionId: input.actionId }),
            outcome: { type: "accepted" },
          };
        }),
      cancel: t.procedure.input(action).mutation(({ input }) => {
        found(input.runId);
        const view = pending("cancelRun", input);
        world.append(input.runId, (teller) => {
          teller.tell({ type: "RunCancelRequested", action: view });
          teller.at += 900;
          teller.tell({ type: "RunCancelled" });
        });
        return view;
      }),
      terminate: t.procedure.input(action).mutation(({ input }) => {
        found(input.runId);
        const view = pending("terminateRun", input);
        world.append(input.runId, (teller) => teller.tell({ type: "RunTerminated", action: view }));
        return view;
      }),
      resume: t.procedure.input(action).mutation(({ input }) => {
        found(input.runId);
        const view = pending("resumeRun", input);
        world.append(input.runId, (teller) => teller.tell({ type: "RunResumed", action: view }));
        return view;
      }),
      signal: t.procedure
        .input(
          z.object({
            runId: z.string(),
            name: z.string(),
            payload: z.string(),
            reason: z.string().optional(),
            actionId: z.string().optional(),
          }),
        )
        .mutation(({ input }) => {
          found(input.runId);
          const view = pending("sendSignal", input);
          world.append(input.runId, (teller) => {
            teller.tell(
              {
                type: "SignalReceived",
                signalId: view.actionId,
                name: input.name,
                payload: input.payload,
                actor: "you",
              },
              { type: "SignalDelivered", waitId: "w1", signalId: view.actionId },
            );
            const job = teller.schedule("notifyCustomer", { template: "approved" });
            teller.attempts(job, [{ ms: 700 }], { messageId: "msg" }, "mail-1");
            teller.tell({ type: "RunCompleted", output: "{}" });
          });
          return view;
        }),
    }),
    jobs: t.router({
      list: t.procedure
        .input(openJobsInput)
        .query(
          ({ input }) => ({ ...openJobsOf(world, input), freshness: freshness() }) satisfies OpenJobList,
        ),
      outcomes: t.procedure
        .input(outcomesInput)
        .query(
          ({ input }) => ({ ...outcomesOf(world, input), freshness: freshness() }) satisfies JobOutcomeList,
        ),
      retry: t.procedure.input(jobAction.extend({ input: z.string().optional() })).mutation(({ input }) => {
        found(input.runId);
        const view = pending("retryJob", input);
        world.retry(input.runId, input.jobId, view, input.input);
        return view;
      }),
      cancel: t.procedure.input(jobAction).mutation(({ input }) => {
        const view = pending("cancelJob", input);
        world.append(input.runId, (teller) =>
          teller.tell({ type: "JobCancelled", jobId: input.jobId, action: view }),
        );
        return view;
      }),
      complete: t.procedure.input(jobAction.extend({ output: z.string() })).mutation(({ input }) => {
        const view = pending("completeJob", input);
        world.append(input.runId, (teller) => {
          teller.tell({ type: "JobCompleted", jobId: input.jobId, output: input.output, action: view });
          const job = teller.schedule("notifyCustomer", { template: "trip-booked" });
          teller.attempts(job, [{ ms: 900 }], { messageId: "msg" }, "mail-1");
          teller.tell({ type: "RunCompleted", output: "{}" });
        });
        return view;
      }),
      runNow: t.procedure.input(jobAction).mutation(({ input }) => {
        const view = pending("runJobNow", input);
        world.append(input.runId, (teller) => {
          teller.tell(
            { type: "BackOffSkipped", jobId: input.jobId, action: view },
            { type: "AttemptRequested", jobId: input.jobId, attempt: 4 },
          );
          teller.attempts(input.jobId, [{ ms: 1_200 }], { ok: true }, "hotels-1", 4);
        });
        return view;
      }),
    }),
    timers: t.router({
      list: t.procedure
        .input(
          z.object({
            kind: z.array(z.string()).optional(),
            workflow: z.string().optional(),
            jobType: z.string().optional(),
            runId: z.string().optional(),
            from: z.number().optional(),
            to: z.number().optional(),
            cursor: z.string().nullish(),
            limit: z.number().default(50),
          }),
        )
        .query(({ input }) => ({ ...timersOf(world, input), freshness: freshness() }) satisfies TimerList),
      fire: t.procedure.input(whichTimer).mutation(({ input }) => {
        const view = pending("fireTimer", input);
        world.append(input.runId, (teller) =>
          teller.tell({ type: "TimerFired", timerId: input.id, generation: 1, action: view }),
        );
        return view;
      }),
      postpone: t.procedure.input(whichTimer.extend({ until: z.number() })).mutation(({ input }) => {
        const view = pending("postponeTimer", input);
        world.append(input.runId, (teller) =>
          teller.tell({
            type: "TimerPostponed",
            timerId: input.id,
            generation: 2,
            dueAt: input.until,
            action: view,
          }),
        );
        return view;
      }),
    }),
    attention: t.router({
      list: t.procedure.input(attentionInput).query(({ input }) => attentionList(world, marks, input)),
      follow: t.procedure.input(attentionInput).query(({ input }): AttentionChanges => {
        const { items, groups, cursor: _, ...rest } = attentionList(world, marks, input);
        return { ...rest, version: "1", items: [{ put: items }], groups: [{ put: groups }] };
      }),
      cause: t.procedure
        .input(z.object({ fingerprint: z.string() }))
        .query(({ input }) => causeScope(world, input.fingerprint)),
      marked: t.procedure.query((): MarkedCauseList => {
        const { groups } = attentionList(world, marks, { limit: 1 });
        return {
          causes: marks.all.map((mark) => {
            const { lastSeen } = groups.find(({ fingerprint }) => fingerprint === mark.fingerprint) ?? {};
            return {
              mark,
              standing: marks.standing(mark.fingerprint, lastSeen ?? 0),
              ...(lastSeen !== undefined && { lastSeen }),
            };
          }),
        };
      }),
      mark: t.procedure
        .input(
          z.object({
            fingerprint: z.string(),
            version: z.number(),
            mutedUntil: z.number().nullish(),
            note: z.string().nullish(),
            ticket: z.string().nullish(),
            resolved: z.boolean().optional(),
          }),
        )
        .mutation(({ input }) => {
          const { groups } = attentionList(world, marks, { limit: 1 });
          return marks.mark(
            input,
            groups.find(({ fingerprint }) => fingerprint === input.fingerprint),
          );
        }),
    }),
    bulk: t.router({
      preview: t.procedure
        .input(z.object({ verb: z.string(), selection: bulkSelection }))
        .query(({ input: { selection } }) => bulks.preview(targetsOf(world, selection))),
      start: t.procedure
        .input(
          z.object({
            order: z.object({
              verb: z.literal("retryJob"),
              selection: bulkSelection,
              reason: z.string(),
              about: z.string().default(""),
            }),
            actionId: z.string(),
          }),
        )
        .mutation(({ input: { order, actionId } }): ActionView => {
          const runId = bulks.start(order, targetsOf(world, order.selection), actionId);
          return { ...pending("startRun", { runId, actionId }), outcome: { type: "accepted" } };
        }),
      list: t.procedure
        .input(z.object({ cursor: z.string().nullish() }))
        .query(() => ({ ...bulks.list(), freshness: freshness() }) satisfies BulkList),
      get: t.procedure.input(z.object({ bulkId: z.string() })).query(({ input }) => bulks.get(input.bulkId)),
      targets: t.procedure
        .input(z.object({ bulkId: z.string(), outcome: z.string().optional(), cursor: z.number().nullish() }))
        .query(
          ({ input: { bulkId, outcome } }) =>
            ({ ...bulks.targets(bulkId, outcome), freshness: freshness() }) satisfies BulkTargetList,
        ),
    }),
    actions: t.router({
      outcome: t.procedure
        .input(z.object({ runId: z.string(), actionId: z.string() }))
        .query(({ input }): ActionView => {
          const view = world.action(input.runId, input.actionId);
          if (view) return view;
          return { ...pending("retryJob", { ...input, reason: "" }) };
        }),
    }),
    overview: t.router({
      get: t.procedure
        .input(
          z.object({
            from: z.number(),
            to: z.number(),
            bucketMs: z.number().optional(),
            timeZone: z.string().optional(),
            workflow: z.string().optional(),
          }),
        )
        .query(({ input }) =>
          overviewOf(world, input.from, input.to, input.bucketMs ?? 60_000, input.workflow),
        ),
    }),
    workflows: t.router({
      list: t.procedure.query(() => ({
        workflows: [{ workflow: "bookTrip" }, { workflow: "importCatalogue" }],
      })),
    }),
    workers: t.router({
      list: t.procedure.query(() => ({ workers: announcedWorkers }) satisfies WorkerList),
    }),
    catalogue: t.router({
      workflows: t.procedure.query(
        () => ({ workflows: [announcedWorkflow], jobTypes: [] }) satisfies KnownWorkflowList,
      ),
    }),
    live: t.router({
      changes: t.procedure
        .input(
          z.object({
            follow: z.array(z.object({ runId: z.string(), afterSeq: z.number() })).default([]),
            lastEventId: z.string().nullish(),
          }),
        )
        .subscription(async function* ({ input, signal }) {
          let seen = input.lastEventId ? Number(input.lastEventId) : Date.now();
          const seqs = new Map(input.follow.map(({ runId, afterSeq }) => [runId, afterSeq]));
          while (signal?.aborted !== true) {
            const now = Date.now();
            const summaries = world.summaries(now);
            const followed = [...seqs].map(([runId, seq]) => {
              const events = (world.fold(runId, now)?.events ?? []).filter((event) => event.seq > seq);
              seqs.set(runId, events.at(-1)?.seq ?? seq);
              return { runId, events };
            });
            const change: LiveChange = {
              runs: summaries.filter(({ updatedAt }) => updatedAt > seen).slice(0, 500),
              more: false,
              followed,
              now,
              parts: [],
              counts: countByStatus(summaries),
              saved: marks.revision,
              ...attentionRuns(world, marks),
              freshness: freshness(),
            };
            yield tracked(String(now), change);
            seen = now;
            await new Promise((resolve) => setTimeout(resolve, 250));
          }
        }),
    }),
    alerts: t.router({
      list: t.procedure.query(() => alertsAt(Date.now())),
      incidents: t.procedure.input(z.object({})).query(() => incidentListAt(Date.now())),
      preview: t.procedure
        .input(z.object({}))
        .query(() => ({ words: "As it is asked for.", is: "right", sentence: "Nothing is wrong." })),
    }),
    approvals: t.router({
      list: t.procedure
        .input(z.object({ waiting: z.boolean().optional() }))
        .query(() => approvalsAt(Date.now())),
      targets: t.procedure
        .input(z.object({}))
        .query(() => ({ targets: [{ runId: "trip-1042" }, { runId: "trip-1043", jobId: "j2" }] })),
    }),
    account: t.router({
      get: t.procedure.query(() => ownAccountAt(Date.now())),
      changePassword: t.procedure.input(z.object({})).mutation(() => {
        throw new TRPCError({ code: "BAD_REQUEST", message: "The current password is not right." });
      }),
    }),
    tokens: t.router({
      list: t.procedure.query(() => tokenListAt(Date.now())),
      add: t.procedure
        .input(z.object({ name: z.string(), role: z.enum(roles), lastsMs: z.number() }))
        .mutation(({ input }) => madeToken(input, Date.now())),
    }),
    audit: t.router({
      list: t.procedure.input(z.object({})).query(() => auditListAt(Date.now())),
    }),
    exports: t.router({
      note: t.procedure.input(z.object({})).mutation(() => ({ noted: true })),
    }),
    figures: t.router({
      breakDown: t.procedure.input(z.object({})).query(() => breakDownAt(Date.now(), freshness())),
      known: t.procedure
        .input(z.object({}))
        .query(() => ({ numbers: ["label.amount", "output.total"], labels: ["customer"] })),
    }),
    goals: t.router({
      list: t.procedure.query(() => goalList()),
      figures: t.procedure
        .input(z.object({ goal: z.object({ withinMs: z.number().optional() }) }))
        .query(({ input }) => goalFiguresAt(Date.now(), input.goal.withinMs, freshness())),
    }),
    boards: t.router({ list: t.procedure.query(() => boardList()) }),
    savedQueries: t.router({ list: t.procedure.query(() => ({ queries: [] })) }),
    savedInputs: t.router({ list: t.procedure.query(() => ({ inputs: [] })) }),
    savedViews: t.router({ list: t.procedure.query(() => ({ views: [] })) }),
    quarantine: t.router({
      list: t.procedure.input(z.object({})).query(() => ({
        messages: [],
        refused: [],
        leftOut: (world.trouble.leftOut ?? []).map((record) => ({
          ...record,
          entry: record.position,
          sendAgainRefusal: "A record of history can’t be sent again.",
          dropRefusal: "Nothing of history is dropped.",
        })),
        cleared: 0,
        counts: { messages: 0, refused: 0, leftOut: world.trouble.leftOut?.length ?? 0 },
        freshness: freshness(),
      })),
    }),
    me: t.router({
      get: t.procedure.query(() => ({
        actor: "maria",
        role: "admin" as const,
        source: "configured" as const,
        permissions: [],
      })),
    }),
  });
}

function said(events: readonly unknown[], content: string): boolean {
  return JSON.stringify(events).toLowerCase().includes(content.toLowerCase());
}

function matches(run: RunSummary, filter: Partial<Filter>): boolean {
  if (filter.status && !filter.status.includes(run.shown)) return false;
  if (filter.workflow && run.workflow !== filter.workflow) return false;
  const at = filter.by === "ended" ? (run.endedAt ?? Number.NaN) : run.startedAt;
  if (filter.from !== undefined && !(at >= filter.from)) return false;
  if (filter.to !== undefined && !(at < filter.to)) return false;
  if (!fitsLabels(run.labels, filter.where ?? [])) return false;
  const text = filter.text?.toLowerCase();
  return (
    text === undefined ||
    [run.runId, run.why ?? "", ...Object.values(run.labels)].some((part) => part.toLowerCase().includes(text))
  );
}

const attentionInput = z.object({
  cursor: z.string().nullish(),
  limit: z.number().default(50),
  fingerprint: z.string().optional(),
});

function attentionList(
  world: World,
  marks: FakeMarks,
  input: z.input<typeof attentionInput> & { readonly limit: number },
): AttentionList {
  const all = attentionItems(world);
  const items =
    input.fingerprint === undefined ? all : all.filter((item) => item.fingerprint === input.fingerprint);
  const groups = Map.groupBy(all, ({ fingerprint }) => fingerprint);
  const { items: listed, cursor } = pageOf(items, input.cursor, input.limit);
  const shown = [...groups]
    .map(([fingerprint, members]): AttentionList["groups"][number] => {
      const first = members[0] as AttentionItem;
      const moments = members.map(({ since }) => since);
      const lastSeen = Math.max(...moments);
      const mark = marks.of(fingerprint);
      return {
        fingerprint,
        kind: first.kind,
        ...(first.job ? { jobType: first.job.jobType } : {}),
        errorName: first.failure.name,
        message: first.failure.message,
        count: members.length,
        runs: new Set(members.map(({ runId }) => runId)).size,
        oldest: Math.min(...moments),
        firstSeen: Math.min(...moments) - 3_600_000,
        lastSeen,
        trend: trendOf(moments),
        standing: marks.standing(fingerprint, lastSeen),
        ...(mark !== undefined && { mark }),
      };
    })
    .sort((one, other) => other.count - one.count);
  const aside = shown.filter(({ standing }) => standing === "muted" || standing === "resolved");
  const sum = (of: (group: AttentionList["groups"][number]) => number) =>
    aside.reduce((total, group) => total + of(group), 0);
  return {
    items: listed,
    groups: shown,
    setAside: { causes: aside.length, total: sum(({ count }) => count), runs: sum(({ runs }) => runs) },
    total: all.length,
    runs: new Set(all.map(({ runId }) => runId)).size,
    stuckRuns: new Set(all.map(({ runId }) => runId)).size,
    waitingRuns: 0,
    causes: groups.size,
    ...(cursor !== undefined && { cursor }),
    freshness: world.freshness(),
  };
}

function attentionRuns(world: World, marks: FakeMarks) {
  const { runs, setAside } = attentionList(world, marks, { limit: 1 });
  return { attention: runs, attentionSetAside: setAside.runs };
}

function trendOf(moments: readonly number[]) {
  const bucketMs = 600_000;
  const from = (Math.floor(Date.now() / bucketMs) + 1 - 24) * bucketMs;
  const counts = Array.from({ length: 24 }, (_, index) => {
    const at = from + index * bucketMs;
    return moments.filter((moment) => moment >= at && moment < at + bucketMs).length;
  });
  return { from, bucketMs, counts };
}

function causeScope(world: World, fingerprint: string): CauseScope {
  const items = attentionItems(world).filter((item) => item.fingerprint === fingerprint);
  const workflows = Map.groupBy(items, ({ workflow }) => workflow);
  const labels = Map.groupBy(
    items.flatMap((item) => Object.entries(item.labels)),
    ([key]) => key,
  );
  return {
    lookedAt: items.length,
    runs: items.length,
    workflows: [...workflows].map(([workflow, of]) => ({ workflow, build: "2026-11-20", runs: of.length })),
    labels: [...labels].map(([key, entries]) => {
      const values = Map.groupBy(entries, ([, value]) => value);
      const top = [...values].map(([value, of]) => ({ value, runs: of.length }));
      return { key, values: top.length, top: top.toSorted((a, b) => b.runs - a.runs).slice(0, 5) };
    }),
  };
}

function attentionItems(world: World): AttentionItem[] {
  const items: AttentionItem[] = [];
  for (const summary of world.summaries()) {
    if (summary.shown !== "stuck") continue;
    const folded = world.fold(summary.runId);
    const job = folded?.rows.find((row) => row.kind === "job" && row.status === "stuck");
    const failure = job?.kind === "job" ? job.failure : summary.failure;
    if (failure === undefined) continue;
    items.push({
      kind: job ? "job" : "code",
      runId: summary.runId,
      workflow: summary.workflow,
      labels: summary.labels,
      since: summary.updatedAt,
      failure,
      fingerprint: `${job?.kind === "job" ? job.jobType : "code"}/${failure.name}/${failure.message.replace(/\d+/g, "#")}`,
      ...(job?.kind === "job" ? { job } : {}),
    });
  }
  return items;
}

function targetsOf(world: World, selection: z.infer<typeof bulkSelection>): FakeTarget[] {
  if (selection.type === "items") return selection.items;
  return attentionItems(world).flatMap(({ fingerprint, runId, job }) =>
    fingerprint === selection.fingerprint && job !== undefined ? [{ runId, jobId: job.jobId }] : [],
  );
}

function overviewOf(
  world: World,
  from: number,
  to: number,
  bucketMs: number,
  workflow: string | undefined,
): Overview {
  const runs = world.summaries().filter((run) => workflow === undefined || run.workflow === workflow);
  const inRange = (at: number | undefined): at is number => at !== undefined && at >= from && at < to;
  const start = Math.floor(from / bucketMs) * bucketMs;
  const buckets = Array.from({ length: Math.ceil((to - start) / bucketMs) }, (_, index) => {
    const at = start + index * bucketMs;
    return { at, to: at + bucketMs, ...totalsOf(runs, Math.max(from, at), Math.min(to, at + bucketMs)) };
  });
  const workflows = [...new Set(runs.map((run) => run.workflow))];
  const jobs = new Map<
    string,
    { durations: number[]; failedAttempts: number; rejected: number; stuck: number }
  >();
  const errors = new Map<string, Overview["topErrors"][number]>();
  for (const run of runs) {
    if (!inRange(run.startedAt)) continue;
    for (const row of world.fold(run.runId)?.rows ?? []) {
      if (row.kind !== "job") continue;
      const figures = jobs.get(row.jobType) ?? { durations: [], failedAttempts: 0, rejected: 0, stuck: 0 };
      jobs.set(row.jobType, figures);
      if (row.status === "completed" && row.to) figures.durations.push(row.to - row.from);
      if (row.status === "rejected") figures.rejected++;
      if (row.status === "stuck") figures.stuck++;
      for (const { failure, outcome } of row.attempts) {
        if (!failure) continue;
        if (outcome !== "rejected") figures.failedAttempts++;
        const key = `${row.jobType}/${failure.name}`;
        errors.set(key, {
          jobType: row.jobType,
          name: failure.name,
          kind: failure.kind,
          count: (errors.get(key)?.count ?? 0) + 1,
        });
      }
    }
  }
  const counts = countByStatus(runs);
  return {
    bucketMs,
    timeZone: "UTC",
    buckets: buckets.map(({ successRate: _, ...bucket }) => bucket),
    totals: totalsOf(runs, from, to),
    byWorkflow: workflows.map((name) => ({
      workflow: name,
      ...totalsOf(
        runs.filter((run) => run.workflow === name),
        from,
        to,
      ),
    })),
    byJobType: [...jobs].map(([jobType, { durations, ...figures }], index) => ({
      jobType,
      completed: durations.length,
      ...figures,
      ...percentiles(durations),
      open: { waiting: index % 3, running: 0, backingOff: 0, stuck: 0 },
      backlog: index % 3,
      workers: 3,
    })),
    topErrors: [...errors.values()].sort((one, other) => other.count - one.count).slice(0, 8),
    open: { running: counts.running, waiting: counts.waiting, stuck: counts.stuck },
    freshness: world.freshness(),
  };
}

function totalsOf(runs: readonly RunSummary[], from: number, to: number): OverviewTotals {
  const ended = runs.filter(({ endedAt }) => endedAt !== undefined && endedAt >= from && endedAt < to);
  const completed = ended.filter(({ shown }) => shown === "completed");
  const failed = ended.filter(({ shown }) => shown === "failed").length;
  return {
    started: runs.filter(({ startedAt }) => startedAt >= from && startedAt < to).length,
    completed: completed.length,
    failed,
    cancelled: ended.length - completed.length - failed,
    ...(ended.length > 0 ? { successRate: completed.length / ended.length } : {}),
    ...percentiles(completed.map((run) => (run.endedAt ?? 0) - run.startedAt)),
  };
}

function stateOf(world: World, { summary, events }: Folded, seq: number): RunStateView {
  const story = world.stories.get(summary.runId);
  const event = events[seq - 1];
  if (story === undefined || event === undefined)
    throw new TRPCError({ code: "NOT_FOUND", message: `The run has no event ${seq}.` });
  const upTo = (count: number) => foldStory({ ...story, events: story.events.slice(0, count) }, Date.now());
  const [before, after] = [upTo(seq - 1), upTo(seq)];
  const state = (folded: Folded): RunState => {
    const { shown, closing, labels, failure } = folded.summary;
    const open = folded.rows.filter(({ to }) => to === undefined);
    return {
      shown,
      ...(closing !== undefined && { closing }),
      ...(failure !== undefined && { failure }),
      ...(folded.output !== undefined && { output: folded.output }),
      labels,
      rows: Object.fromEntries(
        folded.rows
          .filter(({ to, rowId }) => to === undefined || rowId === event.rowId)
          .map((row) => [row.rowId, row]),
      ),
      open: open.length,
      ended: folded.rows.length - open.length,
      ledger: folded.ledger,
    };
  };
  return {
    total: events.length,
    event,
    ...(seq > 1 && { before: state(before) }),
    after: state(after),
    freshness: world.freshness(),
  };
}

function usualOf(world: World, workflow: string, until: number): UsualDurations {
  const runs = world.summaries().filter((run) => run.workflow === workflow);
  const ofJobs = new Map<string, number[]>();
  const ofRuns = runs.flatMap(({ shown, startedAt, endedAt }) =>
    shown === "completed" && endedAt !== undefined ? [endedAt - startedAt] : [],
  );
  for (const { runId } of runs)
    for (const row of world.fold(runId)?.rows ?? []) {
      const last = row.kind === "job" && row.status === "completed" ? row.attempts.at(-1) : undefined;
      if (row.kind !== "job" || last?.endedAt === undefined) continue;
      const durations = ofJobs.get(row.jobType) ?? [];
      ofJobs.set(row.jobType, durations);
      durations.push(last.endedAt - last.requestedAt);
    }
  const figures = (durations: number[]): UsualFigures => {
    const { p50 = 0, p95 = 0 } = percentiles(durations);
    return { completed: durations.length, p50, p95 };
  };
  return {
    workflow,
    from: until - 604_800_000,
    to: until,
    ...(ofRuns.length > 0 && { run: figures(ofRuns) }),
    jobTypes: Array.from(ofJobs, ([jobType, durations]) => ({ jobType, ...figures(durations) })),
    freshness: world.freshness(),
  };
}

function percentiles(values: number[]): { p50?: number; p95?: number; p99?: number } {
  if (values.length === 0) return {};
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
