import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDecision } from "@downbeat/domain";
import { position } from "@downbeat/message-log";
import { auditEntryOf, encodeQuarantineMessage } from "@downbeat/protocol";
import {
  jobOutcomes,
  type ProjectionFeed,
  ReadModel,
  timerKinds,
  type WaitCause,
} from "@downbeat/read-model";
import {
  business,
  by,
  historyOf,
  openCache,
  Projection,
  RunDriver,
  schedule,
  technical,
} from "@downbeat/read-model/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AlertFold } from "./alerts/alert-fold.ts";
import type { Alerts } from "./alerts/alerts.ts";
import { appRouter } from "./app-router.ts";
import type { Approvals } from "./approvals/approvals.ts";
import type { Audit } from "./audit/audit.ts";
import { AuditStore } from "./audit/audit-store.ts";
import { bulkWorkflow } from "./bulk/built-in.ts";
import type { CauseMarks } from "./causes/cause-marks.ts";
import type { Context } from "./context.ts";
import { CursorScope } from "./cursor-scope.ts";
import { ExportDesk } from "./exports/export-desk.ts";
import { nothingMasked } from "./masking/nothing-masked.ts";
import type { Role } from "./permissions/policy.ts";
import type { QuarantineMarks } from "./quarantine/quarantine-marks.ts";
import type { WaitWatch } from "./waits/wait-watch.ts";

/** Everything happens at one moment, so that every list is made of ties. */
const moment = 1_700_000_000_000;
const directory = mkdtempSync(join(tmpdir(), "downbeat-lists-"));
let readModel: ReadModel;
let api: ReturnType<typeof appRouter.createCaller>;

const twoTries = { options: { retry: { maxAttempts: 1 }, scheduleToStartMs: 1_000 } };
const jobs = (count: number): RunDecision[] =>
  Array.from({ length: count }, (_, index) =>
    schedule(`j${index}`, index % 3 === 0 ? "bookHotel" : "bookFlight", index, twoTries),
  );

function start(run: RunDriver, workflow: string, ...decisions: RunDecision[]): RunDriver {
  return run.do({ type: "StartRun", workflow, input: "1", labels: { region: "eu" } }, ...decisions);
}

function stuckRun(name: string, workflow: string, count: number): RunDriver {
  const waits: RunDecision[] = ["t1", "t2", "t3"].map((timerId) => ({
    type: "SetTimer",
    timerId,
    dueAt: moment + 1_000,
  }));
  waits.push({ type: "AwaitSignal", waitId: "w1", name: "go", timeoutMs: 1_000 });
  const run = start(new RunDriver(name, moment), workflow, ...jobs(count), ...waits);
  for (let index = 0; index < count; index++)
    if (index % 4 !== 3) run.fail(`j${index}`, technical("Timeout", index % 2 === 0 ? "no answer" : "gone"));
  return run;
}

/** Two are owed of it: its run is over, or still to undo them. */
function owingRun(name: string, workflow: string, isOver: boolean): RunDriver {
  const undo = (compensationId: string, jobType: string): RunDecision => ({
    type: "RegisterCompensation",
    compensationId,
    jobType,
    input: '{"cents":12.5}',
  });
  const run = start(
    new RunDriver(name, moment),
    workflow,
    undo("c1", "freeRoom"),
    undo("c2", "refundPayment"),
  );
  return run.do({ type: isOver ? "TerminateRun" : "CancelRun", ...by("ada", "a test", "a") });
}

function endedRun(name: string, workflow: string, number: number): RunDriver {
  const run = start(new RunDriver(name, moment), workflow, schedule("j1", "bookHotel", 1));
  return number % 3 === 0
    ? run.complete("j1", 1, { type: "CompleteRun", output: "1" })
    : run.reject("j1", business("NoRoom", "none"), { type: "FailRun", failure: business("NoRoom", "none") });
}

const names = Array.from({ length: 20 }, (_, number) => `run-${number}`);

beforeAll(() => {
  const runs = names.map((name, number) =>
    number % 2 === 0
      ? stuckRun(name, number % 4 === 0 ? "soft" : "hard", 1 + (number % 7))
      : endedRun(name, number % 3 === 0 ? "soft" : "hard", number),
  );
  for (let number = 0; number < 7; number++)
    runs.push(owingRun(`owing-${number}`, number % 3 === 1 ? "soft" : "hard", number % 3 > 0));
  const order = { verb: "retryJob", selection: { type: "stuckJobs" }, reason: "It is back." };
  for (let number = 0; number < 7; number++)
    runs.push(
      new RunDriver(`bulk-${number}`, moment).do({
        type: "StartRun",
        workflow: bulkWorkflow,
        input: JSON.stringify({ order, asOf: moment }),
        startedBy: "grace",
      }),
    );
  const log = historyOf(runs);
  for (let number = 0; number < 9; number++)
    log.decide(moment, [
      {
        runId: `nobody-${number % 3}`,
        workflow: "",
        inputId: `in-${number}`,
        seq: 0,
        events: [
          { type: "CommandRefused", command: "CancelRun", code: "UnknownRun", message: "There is none." },
        ],
      },
    ]);
  const path = join(directory, "history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of log.messages) projection.take(0, message);
  for (let number = 0; number < 8; number++) {
    const [of, at] = [position(1, number), moment];
    const payload = encodeQuarantineMessage({ topic: "inbox-0", position: of, reason: "x", text: "{", at });
    projection.takeQuarantined({
      position: of,
      payload,
      properties: {},
      publishTime: at,
      redeliveryCount: 0,
    });
    projection.leaveOut({ partition: number % 2, position: of, reason: "It is damaged.", runIds: [] });
  }
  projection.flush();
  cache.close();
  readModel = new ReadModel(path, () => moment);
  api = appRouter.createCaller(contextOf(readModel));
});

afterAll(() => {
  readModel.close();
  auditStore.close();
  rmSync(directory, { recursive: true });
});

/** The jobs that have not failed wait for a worker. */
const waits: readonly WaitCause[] = [
  { kind: "noWorker", on: "job", name: "bookHotel" },
  { kind: "backlog", on: "job", name: "bookFlight", longerThanMs: -1 },
];

/** A rule that found something wrong at nine times, all at one moment. */
const alerts = new AlertFold();
const rule = { name: "quarantine", condition: { kind: "noWorker" as const }, channels: [] };
const of = { ruleId: "r", at: moment };
alerts.take({ type: "ruleSaved", ...of, by: "ada", replaces: 0, changeId: "c", rule });
for (let number = 1; number <= 9; number++)
  for (const type of ["incidentOpened", "incidentResolved"] as const)
    alerts.take({ type, ...of, number, sentence: "wrong" });

/** Nine of one moment. */
const auditStore = new AuditStore(":memory:");
for (let number = 0; number < 9; number++) {
  const happened = {
    who: { id: "ada", name: "Ada" },
    verb: "runs.cancel",
    on: [],
    outcome: { is: "done" as const },
  };
  auditStore.take({ is: "entry", entry: auditEntryOf({ id: `entry-${number}`, at: moment, ...happened }) });
}

/** As much as lists ask of it. */
function contextOf(model: ReadModel, role: Role = "admin"): Context {
  const freshness = () => ({ completeTo: moment, behind: 0, live: true });
  const feed = { freshness, status: () => ({ partitions: 1 }) } as ProjectionFeed;
  const cursors = new CursorScope({ tenant: "public", namespace: "default" });
  const causes = async () => waits;
  return {
    readModel: model,
    feed,
    cursors,
    waits: { causes } as WaitWatch,
    causeMarks: { forLooking: async () => [], isRead: true } as Partial<CauseMarks> as CauseMarks,
    quarantineMarks: {
      forLooking: async () => {},
      isRead: true,
      size: 0,
      of: () => undefined,
    } as Partial<QuarantineMarks> as QuarantineMarks,
    approvals: { rule: undefined } as Partial<Approvals> as Approvals,
    alerts: { forLooking: async () => alerts } as Partial<Alerts> as Alerts,
    audit: {
      entryOf: (happened) => auditEntryOf({ id: "a", at: moment, ...happened }),
      async list(filter, limit, before) {
        const counts = { newer: 0, unreadable: 0, isBehind: false, isTrimmed: false };
        return { ...auditStore.page(filter, limit, before), ...counts };
      },
      note() {},
      noteFirst: async () => "written" as const,
      noteOften() {},
    } as Partial<Audit>,
    earlier: undefined,
    ...nothingMasked,
    exports: new ExportDesk(),
    actor: "ada",
    role,
    now: () => moment,
    newId: () => "new",
    lookups: { find: async () => undefined } as Partial<Context["lookups"]>,
  } as Context;
}

interface Page {
  readonly ids: readonly string[];
  readonly cursor?: string | undefined;
  /** How many there are, as the answer says. */
  readonly count?: number;
}

type Ask = (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page>;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const workflow = optional(fc.constantFrom("soft", "hard"));
const jobStatus = fc.constantFrom("scheduled", "running", "backingOff", "stuck");

/** Every list that goes on with a cursor, with filters of its own. */
const lists: Readonly<Record<string, fc.Arbitrary<Ask>>> = {
  "runs.list": fc
    .record({
      workflow,
      by: fc.constantFrom("started" as const, "ended" as const),
      status: optional(fc.constantFrom(["stuck"], ["completed", "failed"], ["failed"])),
      labels: optional(fc.constant({ region: "eu" })),
      text: optional(fc.constantFrom("run", "run-1", "soft")),
    })
    .map((filter) => async (page) => {
      const answer = await api.runs.list({ filter, ...page } as Parameters<typeof api.runs.list>[0]);
      return { ...answer, ids: answer.runs.map(({ runId }) => runId) };
    }),
  "jobs.list": fc
    .record({
      workflow,
      jobType: optional(fc.constantFrom("bookHotel", "bookFlight", "unknown")),
      status: optional(fc.uniqueArray(jobStatus, { minLength: 1 })),
      runId: optional(fc.constantFrom(...names)),
    })
    .map((filter) => async (page) => {
      const answer = await api.jobs.list({ ...filter, ...page } as Parameters<typeof api.jobs.list>[0]);
      return { ...answer, ids: answer.jobs.map(({ runId, jobId }) => `${runId} ${jobId}`) };
    }),
  "jobs.outcomes": fc
    .record({
      workflow,
      of: fc.oneof(
        fc.record({
          what: fc.constantFrom(...jobOutcomes),
          jobType: optional(fc.constantFrom("bookHotel", "bookFlight", "unknown")),
        }),
        fc.constantFrom(
          { error: "Timeout", kind: "technical" as const, jobType: "bookFlight" },
          { error: "NoRoom", kind: "business" as const, jobType: "bookHotel" },
          { error: "Timeout", kind: "technical" as const },
        ),
      ),
      from: optional(fc.constantFrom(0, moment, moment + 1)),
      to: optional(fc.constantFrom(moment, moment + 1)),
    })
    .map((asked) => async (page) => {
      const answer = await api.jobs.outcomes({ ...asked, ...page });
      return { ...answer, ids: answer.outcomes.map(({ runId, seq }) => `${runId} ${seq}`) };
    }),
  "timers.list": fc
    .record({
      workflow,
      jobType: optional(fc.constantFrom("bookHotel", "bookFlight", "unknown")),
      kind: optional(fc.uniqueArray(fc.constantFrom(...timerKinds), { minLength: 1 })),
      runId: optional(fc.constantFrom(...names)),
      from: optional(fc.constantFrom(0, moment, moment + 1_000)),
      to: optional(fc.constantFrom(moment, moment + 1_000, moment + 1_000_000)),
    })
    .map((filter) => async (page) => {
      const answer = await api.timers.list({ ...filter, ...page } as Parameters<typeof api.timers.list>[0]);
      return { ...answer, ids: answer.timers.map(({ runId, id }) => `${runId} ${id}`) };
    }),
  "owed.list": fc
    .record({
      workflow,
      jobType: optional(fc.constantFrom("freeRoom", "refundPayment", "unknown")),
      standing: optional(fc.constantFrom(["left"], ["left", "undoing"], ["failed"])),
      amount: optional(fc.constantFrom("input.cents", "label.region")),
    })
    .map((filter) => async (page) => {
      const answer = await api.owed.list({ ...filter, ...page } as Parameters<typeof api.owed.list>[0]);
      return { ...answer, ids: answer.owed.map(({ runId, compensationId }) => `${runId} ${compensationId}`) };
    }),
  "attention.list": optional(fc.nat(3)).map((cause) => async (page) => {
    const { groups } = await api.attention.list({ limit: 1 });
    const fingerprint = cause === undefined ? undefined : groups[cause % groups.length]?.fingerprint;
    const answer = await api.attention.list({ ...page, ...(fingerprint !== undefined && { fingerprint }) });
    const count =
      fingerprint === undefined ? answer.total : groups.find((one) => one.fingerprint === fingerprint)?.count;
    const ids = answer.items.map(({ runId, job }) => `${runId} ${job?.jobId}`);
    return { ids, cursor: answer.cursor, ...(count !== undefined && { count }) };
  }),
  "bulk.list": fc.constant(async (page) => {
    const { bulks, ...answer } = await api.bulk.list(page);
    return { ...answer, ids: bulks.map(({ bulkId }) => bulkId) };
  }),
  "alerts.incidents": fc.constant(async (page) => {
    const { incidents, ...answer } = await api.alerts.incidents(page);
    return { ...answer, ids: incidents.map(({ number }) => `incident ${number}`) };
  }),
  "audit.list": fc.constant(async (page) => {
    const { entries, ...answer } = await api.audit.list(page);
    return { ...answer, ids: entries.map(({ id }) => id) };
  }),
  "quarantine.list": fc.constant(async (page) => {
    const { messages, refused, leftOut, counts, cursor } = await api.quarantine.list(page);
    const ids = [
      ...messages.map((message) => `message ${message.position}`),
      ...refused.map(({ runId, inputId }) => `refused ${runId} ${inputId}`),
      ...leftOut.map((record) => `left out ${record.topic} ${record.position}`),
    ];
    return { ids, cursor, count: counts.messages + counts.refused + counts.leftOut };
  }),
};

async function walk(ask: Ask, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; ; pages++) {
    expect(pages).toBeLessThan(500);
    const page = await ask({ limit, ...(cursor !== undefined && { cursor }) });
    ids.push(...page.ids);
    cursor = page.cursor;
    if (cursor === undefined) return ids;
  }
}

test("every list that goes on with a cursor is walked here", () => {
  const withCursor = Object.entries(appRouter._def.procedures).filter(([, procedure]) =>
    // A list that takes a cursor refuses one that is not a text.
    (
      procedure as unknown as {
        _def: { inputs: { safeParse(value: unknown): { error?: { issues: { path: unknown[] }[] } } }[] };
      }
    )._def.inputs.some((input) =>
      input.safeParse({ cursor: 1 }).error?.issues.some(({ path }) => path[0] === "cursor"),
    ),
  );
  expect(withCursor.map(([name]) => name).sort()).toEqual(Object.keys(lists).sort());
});

test.each(Object.keys(lists))(
  "%s: pages of any size hold each item once, however many are equal",
  async (name) => {
    await fc.assert(
      fc.asyncProperty(lists[name] as fc.Arbitrary<Ask>, async (ask) => {
        const all = await ask({ limit: 200 });
        expect(all.cursor).toBeUndefined();
        expect(new Set(all.ids).size).toBe(all.ids.length);
        if (all.count !== undefined) expect(all.ids.length).toBe(all.count);
        for (let limit = 1; limit <= Math.min(12, all.ids.length + 1); limit++)
          expect((await walk(ask, limit)).toSorted()).toEqual(all.ids.toSorted());
      }),
      { numRuns: 60 },
    );
  },
);

test("every list is exported whole: the rows that the list has, in its order", async () => {
  const everything = { limit: 200 };
  const { messages, refused, leftOut } = await api.quarantine.list(everything);
  const lists = {
    runs: (await api.runs.list(everything)).runs,
    jobs: (await api.jobs.list(everything)).jobs,
    timers: (await api.timers.list(everything)).timers,
    owed: (await api.owed.list(everything)).owed,
    attention: (await api.attention.list(everything)).items,
    alerts: (await api.alerts.incidents(everything)).incidents,
    quarantine: [...messages, ...refused, ...leftOut],
  };
  for (const list of ["runs", "jobs", "timers", "owed", "attention", "alerts", "quarantine"] as const) {
    let text = "";
    for await (const update of await api.lists.export({ list, query: {}, format: "json" }))
      text += update.text;
    const rows = lists[list];
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.parse(text)).toMatchObject({
      list: expect.any(String),
      isWhole: true,
      count: rows.length,
      rows,
    });
  }
});

test("an export refuses what its list refuses, and hides what it hides", async () => {
  const viewing = appRouter.createCaller(contextOf(readModel, "viewer"));
  const content = { filter: { content: "no answer", from: moment } };
  await expect(viewing.lists.export({ list: "runs", query: content, format: "csv" })).rejects.toThrow(
    "may see inputs, outputs and payloads",
  );
  const amount = { amount: "input.cents" };
  await expect(viewing.lists.export({ list: "owed", query: amount, format: "csv" })).rejects.toThrow(
    "may see inputs, outputs and payloads",
  );
  let text = "";
  for await (const update of await viewing.lists.export({ list: "quarantine", query: {}, format: "csv" }))
    text += update.text;
  expect(text).toContain("Not shown to your role.");
  expect(text).not.toContain("{");
});

test("the cursor of one list is none of another, and is refused in words", async () => {
  const { cursor } = await api.jobs.list({ limit: 1 });
  expect(cursor).toBeDefined();
  await expect(api.runs.list({ cursor, limit: 1 })).rejects.toThrow("The cursor is not one of this list.");
  await expect(api.quarantine.list({ cursor, limit: 1 })).rejects.toThrow("not one of this list");
});

test("who may not see payloads sees that a message can't be read, and nothing of it", async () => {
  const viewing = appRouter.createCaller(contextOf(readModel, "viewer"));
  const seen = (await viewing.quarantine.list({})).messages;
  const whole = (await api.quarantine.list({})).messages;
  expect(seen.map(({ position }) => position)).toEqual(whole.map(({ position }) => position));
  expect(new Set(seen.map(({ text }) => text))).toEqual(new Set(["Not shown to your role."]));
  expect(seen.filter(({ reason }, index) => reason === whole[index]?.reason)).toEqual([]);
});

test("who may not see payloads is offered what labels say to be summed, and nothing of payloads", async () => {
  const viewing = appRouter.createCaller(contextOf(readModel, "viewer"));
  const [seen, whole] = [await viewing.owed.totals({}), await api.owed.totals({ amount: "input.cents" })];
  expect(whole).toMatchObject({ undoing: 6, left: 8, failed: 0, amount: { sum: "175", counted: 14 } });
  expect(whole.amounts).toEqual([
    { path: "input.cents", counted: 14 },
    { path: "run", counted: 14 },
  ]);
  expect(seen).toMatchObject({ left: 8, amounts: [] });
  const refusal = "may see inputs, outputs and payloads";
  await expect(viewing.owed.totals({ amount: "input.cents" })).rejects.toThrow(refusal);
  await expect(viewing.owed.list({ amount: "run.total" })).rejects.toThrow(refusal);
  await expect(viewing.owed.list({ amount: "label.region" })).resolves.toMatchObject({ count: 14 });
  await expect(api.owed.totals({ amount: "cents" })).rejects.toThrow("such as input.price.cents");
});

test("a preview counts exactly what is meant, run by run and job by job, and says what would refuse", async () => {
  const { groups } = await api.attention.list({ limit: 1 });
  const stopped = groups.filter(({ kind }) => kind === "job");
  expect(stopped.length).toBeGreaterThan(1);
  for (const { fingerprint, count, runs } of stopped) {
    const selection = { type: "cause" as const, fingerprint };
    const retry = await api.bulk.preview({ verb: "retryJob", selection });
    expect(retry).toMatchObject({ count, refusals: [], asOf: moment });
    expect(await api.bulk.preview({ verb: "cancelRun", selection })).toMatchObject({ count: runs });
  }
  const all = await api.runs.list({ filter: { workflow: "soft" } });
  const runsOfSoft = { type: "runs" as const, filter: { workflow: "soft" } };
  const over = all.runs.filter(({ status }) => status !== "running").length;
  expect(over).toBeGreaterThan(0);
  expect(await api.bulk.preview({ verb: "cancelRun", selection: runsOfSoft })).toMatchObject({
    count: all.count,
    refusals: [{ why: "The run is over.", count: over }],
  });
  const nobody = { type: "items" as const, items: [{ runId: "nobody" }] };
  expect(await api.bulk.preview({ verb: "terminateRun", selection: nobody })).toMatchObject({
    count: 1,
    refusals: [{ why: "There is no such run.", count: 1, example: "nobody" }],
  });
});

test("bulk actions are no targets of bulk actions", async () => {
  const selection = { type: "runs" as const, filter: { workflow: bulkWorkflow } };
  expect(await api.bulk.preview({ verb: "cancelRun", selection })).toMatchObject({
    count: 0,
    problem: "Nothing is left to act on.",
  });
});

test("a bulk action is told with who started it, and by name only", async () => {
  expect(await api.bulk.get({ bulkId: "bulk-3" })).toMatchObject({
    verb: "retryJob",
    reason: "It is back.",
    startedBy: "grace",
    state: "listing",
    sent: 0,
  });
  await expect(api.bulk.get({ bulkId: "run-1" })).rejects.toThrow("There is no bulk action run-1.");
});

test("who may do something to one may do it to many, and nobody else", async () => {
  const support = appRouter.createCaller(contextOf(readModel, "support"));
  const selection = { type: "items" as const, items: [{ runId: "run-1" }] };
  await expect(support.bulk.preview({ verb: "retryJob", selection })).resolves.toMatchObject({ count: 1 });
  await expect(support.bulk.preview({ verb: "cancelRun", selection })).rejects.toThrow(
    "Only operators and admins may cancel or terminate a run.",
  );
  const order = { verb: "terminateRun" as const, selection, reason: "Gone." };
  await expect(support.bulk.start({ order })).rejects.toThrow("Only operators and admins may cancel");
  await expect(api.runs.start({ workflow: bulkWorkflow, input: "{}" })).rejects.toThrow(
    "is started by bulk.start",
  );
});

test("what runs said is searched within a period, by those who may see it, and not acted on as a whole", async () => {
  const found = await api.runs.list({ filter: { content: "NO ANSWER", from: moment } });
  expect(found.count).toBeGreaterThan(0);
  expect(found.runs.every(({ shown }) => shown === "stuck")).toBe(true);
  expect((await api.runs.list({ filter: { content: "no answer", from: moment + 1 } })).count).toBe(0);
  await expect(api.runs.list({ filter: { content: "no answer" } })).rejects.toThrow("say since when");
  const filter = { content: "no answer", from: moment };
  const viewing = appRouter.createCaller(contextOf(readModel, "manager"));
  await expect(viewing.runs.list({ filter })).rejects.toThrow(
    "Only support, operators and admins may see inputs, outputs and payloads.",
  );
  await expect(api.bulk.preview({ verb: "cancelRun", selection: { type: "runs", filter } })).rejects.toThrow(
    "can't be acted on as a whole",
  );
});

test("attempts that ended with an error are of any job type where none is asked for, and of the code of runs where it is empty", async () => {
  const countOf = async (of: { readonly jobType?: string }) =>
    (await api.jobs.outcomes({ of: { error: "Timeout", kind: "technical", ...of } })).count;
  const [hotels, flights] = [
    await countOf({ jobType: "bookHotel" }),
    await countOf({ jobType: "bookFlight" }),
  ];
  expect(Math.min(hotels, flights)).toBeGreaterThan(0);
  expect(await countOf({})).toBe(hotels + flights);
  expect(await countOf({ jobType: "" })).toBe(0);
});

test("a case is found by its run id or any label's value, and where nothing is called so, by what begins so", async () => {
  const byId = await api.cases.find({ text: "run-7" });
  expect(byId).toMatchObject({ isExact: true, runs: [{ runId: "run-7" }] });
  const byLabel = await api.cases.find({ text: " EU " });
  expect(byLabel).toMatchObject({ isExact: true, keysLeftOut: false });
  expect(byLabel.runs).toHaveLength(20);
  const similar = await api.cases.find({ text: "run-" });
  expect(similar.isExact).toBe(false);
  expect(similar.runs.length).toBeGreaterThan(1);
});

test("what can't be meant is refused in words", async () => {
  const runs = { type: "runs" as const, filter: {} };
  const cases = [
    [{ verb: "retryJob", selection: runs }, "jobs are chosen by hand, by their cause, or by their type"],
    [
      { verb: "cancelRun", selection: { type: "stuckJobs" } },
      "runs are chosen by hand, by their cause, or by a filter",
    ],
    [{ verb: "completeJob", selection: { type: "stuckJobs" } }, "say what the jobs' result is"],
    [{ verb: "sendSignal", selection: runs }, "say which signal is sent"],
    [
      { verb: "cancelRun", selection: { type: "items", items: Array(1_001).fill({ runId: "run-1" }) } },
      "choose at most 1,000 by hand",
    ],
  ] as const;
  for (const [order, words] of cases)
    await expect(
      api.bulk.start({ order: { ...order, reason: "It is so." } } as Parameters<typeof api.bulk.start>[0]),
    ).rejects.toThrow(words);
});
