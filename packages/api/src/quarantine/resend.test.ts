import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedPayload, type RunCommand } from "@downbeat/domain";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { ApiError } from "../api-error.ts";
import { outcomeOfError } from "../audit/outcome-of.ts";
import type { Context } from "../context.ts";
import { nothingMasked } from "../masking/nothing-masked.ts";
import type { Role } from "../permissions/policy.ts";
import { dropQuarantined } from "../usecases/drop-quarantined.ts";
import { listQuarantine } from "../usecases/list-quarantine.ts";
import { previewResend, resendQuarantined } from "../usecases/resend-quarantined.ts";
import type { ActionView, QuarantineList } from "../views.ts";
import { entryId } from "./entry.ts";
import { QuarantineMarks } from "./quarantine-marks.ts";
import { readResend, whyNotResent } from "./resend.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-clear-"));
let log: EmbeddedLog;
let files = 0;
const opened: QuarantineMarks[] = [];

beforeEach(async () => {
  kept = withText(start);
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
type Kept = Pick<QuarantineList, "messages" | "refused" | "leftOut">;
const withText = (text: string): Kept => ({
  messages: [message("inbox-partition-0", text), message("jobs-pay", "{")],
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
});
let kept: Kept;

/** A server on the log. Commands that are sent are what the array holds, and history knows of them at once as what `outcome` says. */
function server(
  actor: string,
  { role = "operator" as Role, outcome = "accepted" as "accepted" | "refused" | "unknown" } = {},
) {
  const sent: RunCommand[] = [];
  const actions = new Map<string, ActionView>();
  const state = { isAway: false, removed: undefined as object | undefined };
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
    ...nothingMasked,
    cursors: { page: (query: object, ask: (query: object) => object) => ask(query) },
    readModel: {
      quarantine: () => ({ ...kept, counts: { messages: 2, refused: 1, leftOut: 1 } }),
      action: (runId: string, actionId: string) => actions.get(`${runId} ${actionId}`),
      exists: (runId: string) => runId === "there",
      summaries: () => [],
      beginning: () => undefined,
      removed: () => state.removed,
    },
    commands: {
      send: async (command: RunCommand) => {
        if (state.isAway) throw new ApiError("unavailable", "The log is away.");
        sent.push(command);
        if (outcome === "unknown") return;
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
  return { context, sent, state };
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

test("what came encrypted goes on as it came, and not as text that somebody typed, or to where it did not stand", async () => {
  const input = encryptedPayload({ v: 1, alg: "A256GCM", key: "acme-1", nonce: "AAAA", data: "AAAA" });
  const came = { ...JSON.parse(start), input };
  kept = withText(JSON.stringify({ ...came, odd: 1 }));
  const { context, sent } = server("ada");
  const { entry } = await first(context);
  const resend = (command: object) =>
    resendQuarantined(context, { entry, text: JSON.stringify(command), version: 0, reason: "Mended." });
  await expect(resend({ ...came, input: '{"name":"Ada"}' })).rejects.toThrow(
    "encrypted with key acme-1, and this server has no keys",
  );
  await expect(resend({ ...came, workflow: "notice" })).rejects.toThrow("only where it stands already");
  expect(sent).toEqual([]);
  await resend({ ...came, labels: { order: "7" } });
  expect(sent).toMatchObject([{ type: "StartRun", input, labels: { order: "7" } }]);
});

test("of two who do something at once one does it, and nothing of the other's is done", async () => {
  for (const other of ["dropped", "sentAgain"] as const) {
    const [ada, grace] = [server(`ada-${other}`), server(`grace-${other}`)];
    kept = withText(`${start} `.padEnd(start.length + other.length));
    const { entry } = await first(ada.context);
    const sending = { entry, text: mended, version: 0, reason: "Now." };
    const answers = await Promise.all([
      resendQuarantined(ada.context, sending),
      other === "dropped"
        ? dropQuarantined(grace.context, { entry, version: 0, reason: "Now." })
        : resendQuarantined(grace.context, { ...sending, text: mended.replace("trip-1", "trip-2") }),
    ]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "done"]);
    const [{ mark }] = answers;
    expect([...ada.sent, ...grace.sent]).toHaveLength(mark.did === "dropped" ? 0 : 1);
    expect(answers.map(({ mark }) => mark.by)).toEqual([mark.by, mark.by]);
  }
});

test("what came of it being unknown, the same goes out as the same action or nothing does", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { entry } = await first(ada.context);
  ada.state.isAway = true;
  const sending = { entry, text: mended, reason: "Now." };
  await expect(resendQuarantined(ada.context, { ...sending, version: 0 })).rejects.toThrow(
    "The log is away. The entry is marked as sent again: if nothing comes of it, send the same once more.",
  );
  const seen = await first(grace.context);
  expect(seen).toMatchObject({
    mark: { version: 1 },
    dropRefusal: "It was sent again, and what came of it is not known here.",
  });
  expect(seen.mark).not.toHaveProperty("sent.outcome");
  expect(seen.sendAgainRefusal).toBeUndefined();
  await expect(
    resendQuarantined(grace.context, { ...sending, text: mended.replace("trip-1", "trip-2"), version: 1 }),
  ).rejects.toThrow("Only the same command may be sent");
  await expect(dropQuarantined(grace.context, { entry, version: 1, reason: "x" })).rejects.toThrow(
    "what came of it is not known here",
  );
  // Its answer may have gone with the run.
  grace.state.removed = {};
  await expect(resendQuarantined(grace.context, { ...sending, version: 1 })).rejects.toThrow(
    "what came of it is not known here",
  );
  expect((await first(grace.context)).sendAgainRefusal).toContain("not known here");
  grace.state.removed = undefined;
  const spaced = JSON.stringify(JSON.parse(mended), undefined, 2);
  const answer = await resendQuarantined(grace.context, { ...sending, text: spaced, version: 1 });
  expect(answer).toMatchObject({ outcome: "done", mark: { version: 2, by: "grace" } });
  const { mark } = seen;
  expect(grace.sent.map(({ commandId }) => commandId)).toEqual([
    mark?.did === "sentAgain" ? mark.sent.actionId : "",
  ]);
  expect(ada.sent).toEqual([]);
});

test("what is refused before it is sent leaves no mark", async () => {
  const { context, sent } = server("ada");
  const { entry } = await first(context);
  const text = JSON.stringify({ type: "CancelRun", runId: "not-there" });
  await expect(resendQuarantined(context, { entry, text, version: 0, reason: "x" })).rejects.toThrow(
    "not-there",
  );
  expect([sent, (await first(context)).mark]).toEqual([[], undefined]);
});

test("a start without a run's id is marked with the one that it goes to", async () => {
  const { context, sent } = server("ada");
  const { entry } = await first(context);
  const { runId: _, ...without } = JSON.parse(mended);
  const text = JSON.stringify(without);
  const { mark } = await resendQuarantined(context, { entry, text, version: 0, reason: "x" });
  expect(mark).toMatchObject({ sent: { runId: sent[0]?.runId, outcome: { type: "accepted" } } });
});

test("as cleared counts what is there and was done something about that has not come to nothing", async () => {
  const [ada, grace] = [server("ada", { outcome: "refused" }), server("grace")];
  const cleared = async ({ context }: typeof ada) =>
    (await listQuarantine(context, { limit: 100, cursor: undefined })).cleared;
  const { entry } = await first(ada.context);
  expect(await cleared(ada)).toBe(0);
  await resendQuarantined(ada.context, { entry, text: mended, version: 0, reason: "x" });
  expect(await cleared(ada)).toBe(0);
  await dropQuarantined(ada.context, { entry, version: 1, reason: "x" });
  expect([await cleared(ada), await cleared(grace)]).toEqual([1, 1]);
  // Retention has taken the entry, and others came.
  kept = withText("{");
  expect([await cleared(ada), await cleared(grace)]).toEqual([0, 0]);
});

test("spaces are no edit", async () => {
  kept = withText(mended);
  const { context } = server("ada");
  const { entry } = await first(context);
  const text = JSON.stringify(JSON.parse(mended), undefined, 2);
  const { mark } = await resendQuarantined(context, { entry, text, version: 0, reason: "x" });
  expect(mark).toMatchObject({ sent: { edited: false } });
});

test("a message that two engines set aside is one entry, and another at another place is not", () => {
  const of = message("inbox-partition-0", start);
  const id = entryId({ kind: "message", of });
  expect(entryId({ kind: "message", of: { ...of, at: of.at + 7 } })).toBe(id);
  for (const other of [{ position: "1:3" }, { topic: "inbox-partition-1" }, { text: "{" }, { reason: "x" }])
    expect(entryId({ kind: "message", of: { ...of, ...other } })).not.toBe(id);
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
    sendAgainRefusal: "Only operators and admins may resend or drop quarantined messages.",
    dropRefusal: "Only operators and admins may resend or drop quarantined messages.",
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
