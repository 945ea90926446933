import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunCommand } from "@downbeat/domain";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { ApiError } from "../api-error.ts";
import { outcomeOfError } from "../audit/outcome-of.ts";
import type { Context } from "../context.ts";
import type { Role } from "../permissions/policy.ts";
import { dropQuarantined } from "../usecases/drop-quarantined.ts";
import { listQuarantine } from "../usecases/list-quarantine.ts";
import { previewResend, resendQuarantined } from "../usecases/resend-quarantined.ts";
import type { ActionView, QuarantineList } from "../views.ts";
import { QuarantineMarks } from "./quarantine-marks.ts";
import { readResend, whyNotResent } from "./resend.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-clear-"));
let log: EmbeddedLog;
let files = 0;
const opened: QuarantineMarks[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((marks) => marks.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

/** `input` should be JSON text. */
const start = JSON.stringify({
  type: "StartRun",
  commandId: "c1",
  runId: "trip-1",
  workflow: "trip",
  input: { a: 1 },
});
const mended = start.replace('{"a":1}', JSON.stringify('{"a":1}'));
const message = (topic: string, text: string): QuarantineList["messages"][number] => ({
  topic,
  position: "1:2",
  reason: "input: expected string",
  text,
  at: 900,
});
const kept: Pick<QuarantineList, "messages" | "refused" | "leftOut"> = {
  messages: [message("inbox-partition-0", start), message("jobs-pay", "{")],
  refused: [
    {
      runId: "gone",
      inputId: "in-1",
      command: "CancelRun",
      code: "UnknownRun",
      message: "There is none.",
      at: 800,
    },
  ],
  leftOut: [{ topic: "history-partition-0", position: "3:4", at: 700, reason: "Damaged.", runIds: [] }],
};

/** A server on the log. Commands that are sent are what the array holds, and history knows of them at once as what `outcome` says. */
function server(
  actor: string,
  { role = "operator" as Role, outcome = "accepted" as "accepted" | "refused" } = {},
) {
  const sent: RunCommand[] = [];
  const actions = new Map<string, ActionView>();
  const quarantineMarks = new QuarantineMarks({
    log: log.connect(),
    patienceMs: 60_000,
    firstReadMs: 60_000,
  });
  opened.push(quarantineMarks);
  let id = 0;
  const context = {
    quarantineMarks,
    actor,
    role,
    now: () => 1_000,
    newId: () => `${actor}-${++id}`,
    outcomeTimeoutMs: 0,
    feed: {
      status: () => ({ partitions: 1 }),
      freshness: () => ({ completeTo: 0, behind: 0, live: true }),
      onFlushed: () => () => {},
    },
    earlier: undefined,
    cursors: { page: (query: object, ask: (query: object) => object) => ask(query) },
    readModel: {
      quarantine: () => ({ ...kept, counts: { messages: 2, refused: 1, leftOut: 1 } }),
      action: (runId: string, actionId: string) => actions.get(`${runId} ${actionId}`),
      exists: (runId: string) => runId === "there",
      summaries: () => [],
      beginning: () => undefined,
      removed: () => undefined,
    },
    commands: {
      send: async (command: RunCommand) => {
        sent.push(command);
        actions.set(`${command.runId} ${command.commandId}`, {
          actionId: command.commandId,
          verb: "startRun",
          actor,
          reason: "",
          at: 1_000,
          runId: command.runId,
          outcome:
            outcome === "accepted"
              ? { type: outcome }
              : { type: outcome, code: "UnknownRun", message: "No." },
        } as ActionView);
      },
    },
    sent: { stateOf: async () => undefined, add: () => {}, answered: () => {} },
  } as unknown as Context;
  return { context, sent };
}

async function first(context: Context) {
  const [entry] = (await listQuarantine(context, { limit: 100, cursor: undefined })).messages;
  if (entry === undefined) throw new Error("there is one");
  return entry;
}

test("a message is dropped by one, and everybody sees that and why; it stays where it is", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { entry } = await first(ada.context);
  expect(await dropQuarantined(ada.context, { entry, version: 0, reason: "A test." })).toMatchObject({
    outcome: "done",
    mark: { did: "dropped", by: "ada", reason: "A test.", version: 1 },
  });
  expect(await first(grace.context)).toMatchObject({
    entry,
    mark: { did: "dropped", by: "ada" },
    dropRefusal: "It was dropped already.",
  });
  // Who had not seen it changes nothing.
  expect(await dropQuarantined(grace.context, { entry, version: 0, reason: "Mine." })).toMatchObject({
    outcome: "conflict",
    mark: { by: "ada", reason: "A test." },
  });
});

test("a command that could not be read is mended, previewed and sent as the one who sends it", async () => {
  const { context, sent } = server("ada");
  const { entry } = await first(context);
  expect(previewResend(context, { entry })).toMatchObject({
    problem: expect.stringContaining("StartRun can't be sent: input"),
  });
  expect(previewResend(context, { entry, text: mended })).toEqual({ command: "StartRun", runId: "trip-1" });
  expect(sent).toEqual([]);
  const forged = JSON.stringify({ ...JSON.parse(mended), startedBy: "somebody else", commandId: "theirs" });
  const answer = await resendQuarantined(context, { entry, text: forged, version: 0, reason: "Mended." });
  expect(answer).toMatchObject({
    outcome: "done",
    mark: {
      did: "sentAgain",
      by: "ada",
      sent: { command: "StartRun", runId: "trip-1", edited: true, outcome: { type: "accepted" } },
    },
  });
  expect(sent).toMatchObject([{ type: "StartRun", runId: "trip-1", input: '{"a":1}', startedBy: "ada" }]);
  expect(sent[0]?.commandId).toMatch(/^again-/);
  expect(await first(context)).toMatchObject({
    sendAgainRefusal: "It was sent again already, and not refused.",
  });
  await expect(
    resendQuarantined(context, { entry, text: mended, version: 1, reason: "Again." }),
  ).rejects.toThrow("It was sent again already");
});

test("two who send the same at once send one action", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { entry } = await first(ada.context);
  const both = await Promise.all(
    [ada, grace].map(({ context }) =>
      resendQuarantined(context, { entry, text: mended, version: 0, reason: "Now." }),
    ),
  );
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "done"]);
  expect(new Set([...ada.sent, ...grace.sent].map(({ commandId }) => commandId)).size).toBe(1);
});

test("what was refused may be sent once more, and that is another action", async () => {
  const { context, sent } = server("ada", { outcome: "refused" });
  const { entry } = await first(context);
  await resendQuarantined(context, { entry, text: mended, version: 0, reason: "First." });
  expect((await first(context)).sendAgainRefusal).toBeUndefined();
  await resendQuarantined(context, { entry, text: mended, version: 1, reason: "Second." });
  expect(new Set(sent.map(({ commandId }) => commandId)).size).toBe(2);
});

test("what can't be sent again or dropped says why, whoever asks", async () => {
  const { context } = server("ada");
  const { messages, refused, leftOut } = await listQuarantine(context, { limit: 100, cursor: undefined });
  expect(messages[0]?.sendAgainRefusal).toBeUndefined();
  expect(messages[1]?.sendAgainRefusal).toContain("an attempt on its way to a worker");
  expect(refused[0]).toMatchObject({ sendAgainRefusal: expect.stringContaining("not what was in it") });
  expect(refused[0]?.dropRefusal).toBeUndefined();
  expect(leftOut[0]).toMatchObject({
    sendAgainRefusal: expect.stringContaining("can’t be sent again"),
    dropRefusal: expect.stringContaining("Nothing of history is dropped"),
  });
  for (const one of [messages[1], refused[0], leftOut[0]])
    await expect(
      resendQuarantined(context, { entry: one?.entry ?? "", version: 0, reason: "x" }),
    ).rejects.toThrow(one?.sendAgainRefusal);
  await expect(
    dropQuarantined(context, { entry: leftOut[0]?.entry ?? "", version: 0, reason: "x" }),
  ).rejects.toThrow("Nothing of history is dropped");
  await expect(dropQuarantined(context, { entry: "nothing", version: 0, reason: "x" })).rejects.toThrow(
    "has no entry nothing",
  );
});

test("a role that may not is told who may", async () => {
  const { context } = server("sam", { role: "support" });
  expect(await first(context)).toMatchObject({
    sendAgainRefusal: "Only operators and admins may send again or drop what is in quarantine.",
    dropRefusal: "Only operators and admins may send again or drop what is in quarantine.",
  });
});

test("why a text can't be sent quotes nothing of it that the audit would keep", () => {
  const secret = "s3cr3t";
  const texts = [
    secret,
    `{"a":${secret}`,
    JSON.stringify({ type: secret }),
    JSON.stringify({ type: "StartRun", workflow: "trip", runId: "r", input: secret }),
    JSON.stringify({ type: "StartRun", workflow: { [secret]: secret }, [secret]: 1 }),
  ];
  for (const text of texts) {
    const error = problemOf(() => readResend(text, { actionId: "a", reason: "r" }));
    expect(error).toBeInstanceOf(ApiError);
    const { message } = error as ApiError;
    const { why } = outcomeOfError({ code: "BAD_REQUEST", message, cause: error as ApiError });
    expect(why).not.toContain(secret);
  }
  expect(() => readResend('{"a":1,}', { actionId: "a", reason: "r" })).toThrow(
    "It is not JSON from character 8 on.",
  );
});

function problemOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("whatever is typed, it is a command that may be sent or a sentence that says why not", () => {
  const sending = { actionId: "a", reason: "r" };
  const typed = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .record(
        { type: fc.constantFrom("StartRun", "SendSignal", "__proto__", "constructor", "CompleteAttempt", 7) },
        { requiredKeys: [] },
      )
      .map((command) => JSON.stringify(command)),
  );
  fc.assert(
    fc.property(typed, (text) => {
      let problem = "";
      try {
        readResend(text, sending);
      } catch (error) {
        expect(error).toMatchObject({ name: "ApiError" });
        problem = (error as Error).message;
      }
      expect(problem.length).toBeGreaterThan(0);
    }),
  );
});

test("what workers and the engine say among themselves is not sent again, nor what was cut", () => {
  const inbox = "inbox-partition-3";
  expect(whyNotResent(inbox, '{"type":"CompleteAttempt"}')).toContain("belongs to an attempt");
  expect(whyNotResent(inbox, '{"commands":[{"type":"AnswerQuestion"}]}')).toContain("asked again by itself");
  expect(whyNotResent(inbox, "x".repeat(100_000))).toContain("Only its beginning was kept");
  expect(whyNotResent(inbox, "{")).toBeUndefined();
  expect(whyNotResent("decisions-trip", "{")).toContain("question");
  expect(whyNotResent("timers", "{")).toContain("wake-up");
});
