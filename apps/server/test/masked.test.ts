import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRouter } from "@downbeat/api";
import { may, type Role, roles } from "@downbeat/api/policy";
import { inputDigest } from "@downbeat/domain";
import { encodeDefinitionMessage, topics } from "@downbeat/protocol";
import { BusinessError, job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { noAlertConfig } from "../src/alerts/channel-config.ts";
import { readEnv } from "../src/env.ts";
import { apiHandler, procedureNames } from "../src/http/api-handler.ts";
import { createMetrics } from "../src/metrics.ts";
import { ServedNamespaces } from "../src/namespaces/served-namespaces.ts";
import { openEngineering } from "./stack.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const personal = z.string().meta({ personal: true });
const Order = z.object({ email: personal, name: personal, iban: z.string(), amount: z.number() });
type Order = z.infer<typeof Order>;

const oneTry = { retry: { maxAttempts: 1 } };
const charge = job<{ to: string; card: string }, { receipt: string }>("charge", oneTry);
const ship = job<{ street: string }, string>("ship", oneTry);
const order = workflow("order", async (run, input: Order) => {
  const { receipt } = await run.job(charge, { to: input.email, card: input.iban });
  run.setLabels({ receipt, customer: input.email });
  const { by } = await run.signal("approval", { schema: z.object({ by: z.string() }) });
  run.compensate(charge, { to: by, card: input.iban });
  return await run.job(ship, { street: by });
});

/** What belongs to nobody else: of ten runs, ten each. */
const kinds = [
  "email",
  "name",
  "iban",
  "receipt",
  "by",
  "detail",
  "odd",
  "upper",
  "quote",
  "digits",
] as const;
type Person = Readonly<Record<(typeof kinds)[number], string>>;
const people: readonly Person[] = Array.from({ length: 10 }, (_, run) => {
  const of = (kind: string) => `${kind}${run}x${(run * 7_919 + kind.length * 104_729).toString(36)}`;
  return {
    email: `${of("mail")}@example.org`,
    name: `Zoë ${of("name")}`,
    iban: `DE${run}${of("iban").toUpperCase()}`,
    receipt: of("receipt"),
    by: of("approver"),
    detail: of("detail"),
    odd: `東京 ${of("odd")}`,
    upper: of("upper"),
    quote: `"${of("quote")}"`,
    digits: `4${run}11${String(run * 7_919 + 1_000_003)}`,
  };
});
const inputOf = ({ email, name, iban }: Person, amount: number): Order => ({ email, name, iban, amount });
/** From which guesses at all of them could be confirmed. */
const digests = people.flatMap((person) =>
  [12.5, 13].map((amount) => inputDigest(JSON.stringify(inputOf(person, amount)))),
);
const secrets = [...people.flatMap((person) => Object.values(person)), ...digests];

const definitions = [
  {
    workflow: "order",
    build: "1",
    input: z.toJSONSchema(Order),
    signals: { approval: z.toJSONSchema(z.object({ by: personal })) },
  },
  { jobType: "charge", build: "1", output: z.toJSONSchema(z.object({ receipt: personal })) },
];

let url: string;
const closing: (() => Promise<unknown> | unknown)[] = [];
const runId = (index: number) => `order-${index}`;

beforeAll(async () => {
  const engineering = await openEngineering(["public/default"], {
    workflows: [order],
    jobs: {
      charge: async (_: unknown, context: { readonly runId: string }) => ({
        receipt: person(context.runId).receipt,
      }),
      ship: async ({ street }: { street: string }, context: { readonly runId: string }) => {
        const { email, upper, quote, iban, detail, odd, digits } = person(context.runId);
        const words = `No way to ${street} for ${email.toUpperCase()}, ${upper}, ${quote}; ${odd} ${digits}`;
        const about = { iban, detail, upper, quote, odd, digits: Number(digits) };
        if (Number(context.runId.split("-")[1]) % 2 === 0) throw new BusinessError("NoRoad", words, about);
        throw Object.assign(new TypeError(words), about);
      },
    },
  });
  closing.push(() => engineering[Symbol.asyncDispose]());
  const announcing = await engineering.log.openProducer(topics.workflows);
  for (const definition of definitions)
    await announcing.send({ payload: encodeDefinitionMessage(definition), key: JSON.stringify(definition) });
  const dataDir = await mkdtemp(join(tmpdir(), "downbeat-masked-"));
  closing.push(() => rm(dataDir, { recursive: true }));
  await serveAsAnybody(engineering.url, dataDir);
  const orders = client({ log: engineering.log, actor: "shop" });
  closing.push(() => orders.close());
  for (const [index, each] of people.entries()) {
    const { email, iban, by } = each;
    const run = await orders.start(order, inputOf(each, 12.5), {
      runId: runId(index),
      labels: { customer: email, iban },
    });
    const again = orders.start(order, inputOf(each, 13), { runId: runId(index) });
    await expect(again).rejects.toThrow(`(digest ${digests[2 * index]}, not ${digests[2 * index + 1]})`);
    await run.signal("approval", { by });
  }
  await vi.waitFor(
    async () => {
      const { countsByStatus } = z
        .object({ countsByStatus: z.record(z.string(), z.number()) })
        .parse(dataOf((await ask("runs.list", {}, "admin")).text));
      expect((countsByStatus.failed ?? 0) + (countsByStatus.stuck ?? 0)).toBe(people.length);
    },
    { timeout: 60_000, interval: 100 },
  );
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

function person(run: string): Person {
  const found = people[Number(run.split("-")[1])];
  if (found === undefined) throw new Error(`Nobody is called ${run}.`);
  return found;
}

/** As the server's process does, but for whom it takes whoever asks. */
async function serveAsAnybody(log: string, dataDir: string): Promise<void> {
  const logger = pino({ level: "silent" });
  const namespaces = await ServedNamespaces.open({
    logs: readEnv({ DOWNBEAT_LOG_URL: log }).logs,
    dataDir,
    pulsarSql: undefined,
    hotWindowMs: 86_400_000,
    alerts: noAlertConfig,
    maskedIn: () => [
      {
        workflow: "*",
        of: "everything",
        paths: ["iban", "detail", "upper", "quote", "odd", "digits"].map((name) => ["**", name]),
      },
    ],
    logger,
    onFlushed: () => {},
  });
  const handle = apiHandler({
    namespaces,
    mostFollowers: 100,
    addressOf: () => "127.0.0.1",
    metrics: createMetrics(procedureNames, () => namespaces.all),
    logger,
  });
  const server = createServer((request, response) => {
    const { "x-role": role, "x-session": id } = request.headers;
    handle(request, response, (request.url ?? "").split("?", 1)[0] ?? "", {
      actor: String(role),
      session: { id: String(id), issuer: "local", subject: "somebody", since: 0, sealed: 0 },
      standingIn: () => ({ role: z.enum(roles).parse(role) }),
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc/public/default`;
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await namespaces.close();
  });
}

const types = new Map(
  Object.entries(appRouter._def.procedures).map(([path, procedure]) => [
    path,
    z.object({ type: z.enum(["query", "mutation", "subscription"]) }).parse(Reflect.get(procedure, "_def"))
      .type,
  ]),
);

const inParts = new Set(["analytics.run", "lists.export"]);

async function ask(path: string, input: object, as: Role, session = "one") {
  const isChange = types.get(path) === "mutation";
  const asked = `${url}/${path}${inParts.has(path) ? "?batch=1" : ""}`;
  const leaving = new AbortController();
  const answer = await fetch(
    isChange ? asked : `${asked}?input=${encodeURIComponent(JSON.stringify(input))}`,
    {
      method: isChange ? "POST" : "GET",
      headers: {
        "x-role": as,
        "x-session": session,
        ...(isChange && { "content-type": "application/json" }),
        ...(inParts.has(path) && { "trpc-accept": "application/jsonl" }),
      },
      ...(isChange && { body: JSON.stringify(inParts.has(path) ? { 0: input } : input) }),
      signal: leaving.signal,
    },
  );
  if (types.get(path) !== "subscription") return { status: answer.status, text: await answer.text() };
  let text = "";
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part).toString();
    if (text.includes("data: ") && text.split("data: ").length > 2) break;
  }
  leaving.abort();
  return { status: answer.status, text };
}

const answered = z.object({ result: z.object({ data: z.unknown() }) });
function dataOf(text: string): unknown {
  return answered.parse(JSON.parse(text)).result.data;
}

const about = { runId: runId(0) };
const period = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 };
const allRuns = people.map((_, index) => ({ runId: runId(index) }));

/** What is asked of each procedure; what changes something is asked as it is refused, or where it tells what it did. */
const inputs: Readonly<Record<string, readonly object[]>> = {
  "runs.list": [{}, { filter: { text: "order" } }, { filter: { ...period, content: "No way" } }],
  "runs.get": allRuns,
  "runs.suggestLabels": [{}, { key: "customer" }, { key: "receipt" }, { key: "iban", beginning: "DE" }],
  "runs.lookup": [about],
  "runs.events": allRuns.map((one) => ({ ...one, limit: 2_000 })),
  "runs.stateAt": [3, 5, 8, 12].map((seq) => ({ ...about, seq })),
  "runs.usual": [{ workflow: "order" }],
  "runs.start": [{ workflow: "nobody", input: "{}", runId: "started", actionId: "s" }],
  "runs.cancel": [{ ...about, reason: "a test" }],
  "runs.repair": [{ ...about, outcome: "closed", reason: "a test" }],
  "runs.terminate": [{ ...about, reason: "a test" }],
  "runs.resume": [{ ...about, reason: "a test" }],
  "runs.signal": [{ ...about, name: "approval", payload: '{"by":"somebody"}' }],
  "runs.hide": [about],
  "jobs.list": [{}],
  "jobs.outcomes": [
    { of: { what: "failedAttempts" } },
    { of: { what: "rejected" } },
    { of: { what: "stuck" } },
    { of: { what: "code" } },
  ],
  "jobs.retry": [{ runId: runId(1), jobId: "j2", reason: "a test" }],
  "jobs.cancel": [{ runId: runId(2), jobId: "j1", reason: "a test" }],
  "jobs.complete": [{ runId: runId(2), jobId: "j1", output: "1", reason: "a test" }],
  "jobs.runNow": [{ runId: runId(2), jobId: "j1", reason: "a test" }],
  "timers.list": [{}],
  "attention.list": [{}],
  "attention.follow": [{}],
  "attention.marked": [{}],
  "alerts.list": [{}],
  "alerts.incidents": [{}],
  "bulk.list": [{}],
  "bulk.preview": [{ verb: "retryJob", selection: { type: "stuckJobs" } }],
  "cases.find": [{ text: runId(0) }, { text: "order" }],
  "cases.get": allRuns.flatMap((one) => [one, { ...one, language: "de", audience: "customer" }]),
  "owed.totals": [{}],
  "owed.list": [{}],
  "actions.outcome": [{ ...about, actionId: "s" }],
  "overview.get": [period, { ...period, workflow: "order" }],
  "figures.breakDown": [
    { filter: period, by: { by: "error" } },
    { filter: period, by: { by: "label", key: "customer" } },
  ],
  "figures.known": [{}],
  "goals.list": [{}],
  "boards.list": [{}],
  "workflows.list": [{}],
  "catalogue.workflows": [{}],
  "system.get": [{}],
  "workers.list": [{}],
  "quarantine.list": [{}],
  "analytics.sources": [{}],
  "analytics.schema": [{ source: "readModel" }],
  "analytics.run": [
    { source: "readModel", sql: "SELECT * FROM runs" },
    { source: "readModel", sql: "SELECT r.run_id, s.* FROM steps s JOIN runs r ON r.id = s.run" },
  ],
  "savedQueries.list": [{}],
  "approvals.list": [{}],
  "audit.list": [{}],
  "payloadKeys.noteErasure": [{ subject: "customer=1", keys: ["k-1"], reason: "asked for" }],
  "exports.note": [{ what: "history", format: "json", ...about }],
  "live.changes": [{ follow: allRuns.slice(0, 5).map((one) => ({ ...one, afterSeq: 0 })) }],
  "savedViews.list": [{}],
  "savedInputs.list": [{}],
  "lists.export": ["runs", "jobs", "timers", "owed", "attention", "quarantine", "approvals", "audit"].flatMap(
    (list) => ["csv", "json", "ndjson"].map((format) => ({ list, query: {}, format })),
  ),
  "tokens.list": [{}],
  "account.get": [{}],
  "me.get": [{}],
};

/** They answer with what they were given, or are told of elsewhere; `runs.reveal` is asked for by itself below. */
const elsewhere = new Set([
  ...["timers.fire", "timers.postpone", "timers.cancel", "attention.mark", "attention.cause"],
  ...["alerts.preview", "alerts.save", "alerts.silence", "alerts.delete", "alerts.test", "bulk.start"],
  ...["bulk.get", "bulk.targets", "bulk.pause", "bulk.resume", "bulk.stop", "quarantine.previewResend"],
  ...["quarantine.resend", "quarantine.drop", "analytics.cancel", "savedQueries.save", "savedQueries.delete"],
  ...["savedInputs.get", "savedInputs.save", "savedInputs.delete"],
  ...["savedViews.save", "savedViews.delete", "runs.reveal", "goals.figures", "goals.save", "goals.delete"],
  ...["boards.save", "boards.delete", "boards.schedule", "boards.send", "approvals.get", "approvals.targets"],
  ...["boards.tell", "approvals.approve", "approvals.reject", "approvals.withdraw"],
  ...["tokens.add", "tokens.withdraw", "account.endSession", "account.endOthers"],
  ...["account.changePassword"],
]);

test("every procedure is asked, or it is said why it isn't", () => {
  const asked = new Set([...Object.keys(inputs), ...elsewhere]);
  expect([...types.keys()].filter((path) => !asked.has(path))).toEqual([]);
});

/** As the answer has it, and as JSON in JSON in JSON would. */
function found(text: string): string[] {
  const plain = text.replaceAll(/\\+u([0-9a-f]{4})/gi, (_, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const read = plain.replaceAll("\\", "").toLowerCase();
  return secrets.filter((secret) => {
    const core = secret.replaceAll('"', "").toLowerCase();
    return read.includes(core) || read.includes(encodeURIComponent(core).toLowerCase());
  });
}

describe.each(roles)("%s", (as) => {
  test("sees none of a hundred secrets in any answer", async () => {
    const leaks: string[] = [];
    const refused: string[] = [];
    for (const [path, all] of Object.entries(inputs))
      for (const input of all) {
        const { status, text } = await ask(path, input, as);
        for (const secret of found(text)) leaks.push(`${path} ${JSON.stringify(input)}: ${secret}`);
        if (status >= 400) refused.push(`${path} ${status} ${text.slice(0, 300)}`);
      }
    expect(leaks).toEqual([]);
    // What fails on the way tells nothing either way.
    expect(refused.filter((line) => / 50\d /.test(line))).toEqual([]);
    if (as === "admin")
      expect(refused.filter((line) => !/jobs\.|runs\.|figures\.|actions\./.test(line))).toEqual([]);
  });

  test("finds no run by what is masked in it", async () => {
    for (const { email, name, iban, detail } of people.slice(0, 3))
      for (const text of [name, iban, detail, email])
        for (const filter of [{ ...period, content: text }, { text: text.slice(0, -1) }]) {
          const { status, text: answer } = await ask("runs.list", { filter }, as);
          if (status === 403) continue;
          expect([filter, dataOf(answer)]).toMatchObject([filter, { runs: [], count: 0 }]);
        }
  });

  test("is told by no number, no page and no target of what a masked label begins with", async () => {
    const { email } = person(runId(2));
    const beginning = email.slice(0, 6);
    const filter = { ...period, text: beginning };
    const list = dataOf((await ask("runs.list", { filter, limit: 1 }, as)).text);
    expect(list).toMatchObject({ runs: [], count: 0 });
    expect(list).not.toHaveProperty("cursor");
    expect(
      Object.values(
        z.object({ countsByStatus: z.record(z.string(), z.number()) }).parse(list).countsByStatus,
      ),
    ).not.toContain(1);
    expect(dataOf((await ask("figures.breakDown", { filter }, as)).text)).toMatchObject({
      total: { runs: 0 },
    });
    expect(dataOf((await ask("cases.find", { text: beginning }, as)).text)).toMatchObject({ runs: [] });
    const preview = await ask(
      "bulk.preview",
      { verb: "sendSignal", selection: { type: "runs", filter } },
      as,
    );
    if (preview.status === 200) expect(dataOf(preview.text)).toMatchObject({ count: 0, first: [] });
    const exported = await ask("lists.export", { list: "runs", query: { filter }, format: "csv" }, as);
    if (exported.status === 200) expect(exported.text).toContain('"count":0');
    expect(exported.text).not.toContain(runId(2));
    // Whoever knows all of it finds its run.
    const whole = dataOf((await ask("runs.list", { filter: { text: email.toUpperCase() } }, as)).text);
    expect(whole).toMatchObject({ count: 1, runs: [{ runId: runId(2) }] });
  });

  test("has a run revealed to them if their role may, for a reason, in that session alone", async () => {
    const run = { runId: runId(3) };
    const { email, iban } = person(run.runId);
    const input = JSON.stringify(JSON.stringify({ email, name: person(run.runId).name, iban, amount: 12.5 }));
    // In labels and errors to whoever may see them, in payloads too.
    const seen = async (path: string, session: string) => {
      const { text } = await ask(path, run, as, session);
      const isSeen = text.includes(input);
      expect(text.includes(email) && text.includes(iban)).toBe(isSeen);
      expect(isSeen).toBe(!text.includes("•••"));
      return isSeen;
    };
    expect(await seen("runs.get", as)).toBe(false);
    const { status } = await ask("runs.reveal", { ...run, reason: "She called." }, as, as);
    expect(status === 200).toBe(may(as, "revealMasked"));
    for (const path of ["runs.get", "runs.events"]) {
      expect(await seen(path, as)).toBe(may(as, "revealMasked"));
      expect(await seen(path, `${as} elsewhere`)).toBe(false);
    }
    expect(found((await ask("runs.get", { runId: runId(4) }, as, as)).text)).toEqual([]);
    expect(found((await ask("runs.list", {}, as, as)).text)).toEqual([]);
    expect(found((await ask("cases.get", run, as, as)).text)).toEqual([]);
    await ask("runs.hide", run, as, as);
    expect(await seen("runs.get", as)).toBe(false);
    expect((await ask("runs.reveal", { ...run, reason: " " }, as, as)).status).toBe(
      may(as, "revealMasked") ? 400 : 403,
    );
    expect(found((await ask("runs.get", run, as, as)).text)).toEqual([]);
  });
});

test("an input that somebody saves keeps nothing that is masked", async () => {
  const { email, name, iban } = person(runId(6));
  const input = JSON.stringify({ email, name, iban, amount: 12.5, note: `for ${email}` });
  const asked = { name: "Big order", workflow: "order", input, shared: true };
  const { text } = await ask("savedInputs.save", asked, "operator");
  const { saved } = z.object({ saved: z.object({ id: z.string() }) }).parse(dataOf(text));
  for (const as of roles) {
    const { status, text } = await ask("savedInputs.get", saved, as);
    expect(status).toBe(may(as, "startRuns") ? 200 : 403);
    expect(found(text)).toEqual([]);
    if (status === 200) expect(text).toContain("12.5");
  }
  expect(found((await ask("savedInputs.list", {}, "admin")).text)).toEqual([]);
});

test("a reveal is in the audit with who, of what, and why", async () => {
  await ask("runs.reveal", { runId: runId(5), reason: "The bank asks." }, "operator", "audited");
  await vi.waitFor(
    async () => {
      const { text } = await ask("audit.list", {}, "admin");
      expect(text).toContain("runs.reveal");
      expect(text).toContain("The bank asks.");
    },
    { timeout: 60_000, interval: 100 },
  );
});

test.each([
  ["runs.start", { workflow: "order", input: "{}", labels: { customer: "To •••" } }],
  ["runs.start", { workflow: "order", input: '{"email":"•••"}' }],
  [
    "bulk.start",
    {
      verb: "completeJob",
      output: '{"receipt":"\\u2022••"}',
      selection: { type: "stuckJobs", jobType: "ship" },
    },
  ],
  [
    "bulk.start",
    {
      verb: "sendSignal",
      signal: { name: "approval", payload: '{"by":"•••"}' },
      selection: { type: "runs", filter: { workflow: "order" } },
    },
  ],
] as const)("%s refuses what stands for something masked: %j", async (path, given) => {
  const input = path === "bulk.start" ? { order: { ...given, reason: "a test" } } : given;
  const { status, text } = await ask(path, input, "operator");
  expect([status, text]).toEqual([400, expect.stringContaining("stands for a value that is masked")]);
});

test("why nothing came of what was asked of a run that isn't there is told, and of whom it was asked", async () => {
  const action = { actor: "operator", outcome: { type: "refused" } };
  const started = await ask(
    "runs.start",
    { workflow: "nobody", input: "{}", actionId: "refused" },
    "operator",
  );
  expect(dataOf(started.text)).toMatchObject(action);
  expect(started.text).toContain("There is no workflow nobody");
  await ask("runs.cancel", { runId: "not-there", reason: "a test" }, "operator");
  const audit = z.object({
    entries: z.array(z.looseObject({ on: z.array(z.looseObject({ id: z.string() })) })),
  });
  await vi.waitFor(
    async () => {
      const { entries } = audit.parse(dataOf((await ask("audit.list", {}, "admin")).text));
      expect(entries.find(({ on }) => on.some(({ id }) => id === "not-there"))).toMatchObject({
        who: { name: "operator" },
        on: [{ what: "run" }],
        outcome: { is: "refused" },
      });
    },
    { timeout: 60_000, interval: 100 },
  );
});

test("a job is retried with the input that was there where it was masked and left untouched", async () => {
  const run = { runId: runId(1) };
  const rows = z.object({ rows: z.array(z.object({ rowId: z.string(), input: z.string().optional() })) });
  const inputOf = async (session: string) => {
    const { text } = await ask("runs.get", run, "operator", session);
    return rows.parse(dataOf(text)).rows.find(({ rowId }) => rowId === "j2")?.input ?? "";
  };
  const shown = await inputOf("editing");
  expect(JSON.parse(shown)).toEqual({ street: "•••" });
  const edited = JSON.stringify({ ...z.object({ street: z.string() }).parse(JSON.parse(shown)), floor: 3 });
  const retry = { ...run, jobId: "j2", reason: "The floor was missing." };
  const wrong = await ask("jobs.retry", { ...retry, input: '{"floor":"•••"}' }, "operator");
  expect(wrong.text).toContain("stands for a value that is masked");
  await ask("jobs.retry", { ...retry, input: edited }, "operator");
  await ask("runs.reveal", { ...run, reason: "a test" }, "operator", "editing");
  await vi.waitFor(
    async () => {
      expect(JSON.parse(await inputOf("editing"))).toEqual({ street: person(run.runId).by, floor: 3 });
    },
    { timeout: 60_000, interval: 100 },
  );
});
