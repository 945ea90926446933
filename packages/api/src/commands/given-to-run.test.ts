import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedOf, isEncrypted, type RunCommand } from "@downbeat/domain";
import { changePayloadKeys, newPayloadKey, PayloadKeyFile } from "@downbeat/protocol";
import type { ReadModel } from "@downbeat/read-model";
import { describe, expect, onTestFinished, test } from "vitest";
import { actOn } from "../bulk/act.ts";
import { bulkOrder } from "../bulk/order.ts";
import type { Context } from "../context.ts";
import { Masking } from "../masking/masking.ts";
import { RunPayloads } from "../masking/run-payloads.ts";
import { completeJob } from "../usecases/complete-job.ts";
import { retryJob } from "../usecases/retry-job.ts";
import { sendSignal } from "../usecases/send-signal.ts";
import { startBulk } from "../usecases/start-bulk.ts";
import { startRun } from "../usecases/start-run.ts";
import { SentCommands } from "./sent-commands.ts";

const workflows: Readonly<Record<string, string>> = { secret: "order", plain: "notice", elsewhere: "order" };

/** A server whose read model has the runs `secret` and `plain`; `elsewhere` is found when it is looked for. */
function server({ hasKeys = true, live = true } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "payload-keys.json");
  changePayloadKeys(path, () => [newPayloadKey("acme-1")]);
  const file = new PayloadKeyFile(path);
  const envelope = (value: unknown) => file.ring.encrypting()?.encrypt(JSON.stringify(value)) ?? "";
  const inputs = new Map([
    ["secret", envelope({ name: "Ada" })],
    ["plain", '{"name":"Ada"}'],
  ]);
  const all = new Map([...inputs, ["elsewhere", envelope({ name: "Grace" })]]);
  const payloads = new RunPayloads(hasKeys ? file : undefined);
  const sent: RunCommand[] = [];
  const state = { lookedFor: [] as string[], lost: undefined as string | undefined };
  const feed = {
    freshness: () => ({ live, completeTo: 0, behind: 0 }),
    status: () => ({ leftOut: 0 }),
    onFlushed: () => () => {},
  };
  const context = {
    actor: "ada",
    role: "admin",
    now: () => 1_000,
    newId: () => "new",
    outcomeTimeoutMs: 0,
    feed,
    masking: new Masking({
      readModel: {} as ReadModel,
      announcements: { personal: { known: async () => {}, rules: () => [] } },
      payloads,
    }),
    lookups: {
      find: async (runId: string) => {
        state.lookedFor.push(runId);
        const found = all.get(runId);
        if (state.lost === undefined && found !== undefined) inputs.set(runId, found);
        return state.lost;
      },
    },
    approvals: { rule: undefined },
    readModel: {
      action: () => undefined,
      exists: (runId: string) => inputs.has(runId),
      beginning: () => ({ at: 0 }),
      removed: () => undefined,
      missing: () => undefined,
      origin: () => undefined,
      summaries: () => [],
      openJobs: () => ({ jobs: [] }),
      listRuns: ({ filter }: { filter: { workflow: string } }) => ({
        runs: [...inputs.keys()]
          .filter((runId) => workflows[runId] === filter.workflow)
          .map((runId) => ({ runId })),
      }),
      run: (runId: string) => {
        const input = inputs.get(runId);
        return input === undefined ? undefined : { runId, input, rows: [], labels: {} };
      },
    },
    commands: { send: async (command: RunCommand) => void sent.push(command) },
    sent: new SentCommands({
      feed: feed as never,
      now: () => 1_000,
      log: { partitionsOf: async () => 1, backlogOf: async () => ({ messages: 1, oldest: 0 }) },
    }),
  } as unknown as Context;
  return { context, sent, state, inputs, readable: payloads.readable, path };
}

const signal = { name: "paid", payload: '{"to":"Ada"}' };
const reason = "A test.";

describe("An action that is asked for again", () => {
  test("is the same one, though it is encrypted as another text each time", async () => {
    const { context, sent } = server();
    const asked = { runId: "secret", ...signal, actionId: "a" };
    expect((await sendSignal(context, asked)).outcome).toEqual({ type: "pending" });
    expect((await sendSignal(context, asked)).outcome).toEqual({ type: "pending" });
    expect(sent).toHaveLength(1);
    await expect(sendSignal(context, { ...asked, payload: "1" })).rejects.toThrow("sent with other values");
    const start = { workflow: "order", input: "1", runId: "o-9", actionId: "b" };
    for (const _ of [1, 2]) await startRun(context, start);
    const given = { runId: "secret", jobId: "j1", reason };
    for (const _ of [1, 2]) await completeJob(context, { ...given, output: "1", actionId: "c" });
    for (const _ of [1, 2]) await retryJob(context, { ...given, input: "1", actionId: "d" });
    expect(sent).toHaveLength(4);
  });
});

/** Each gives the text to a run. */
const gives: Readonly<Record<string, (context: Context, runId: string, json: string) => Promise<unknown>>> = {
  "a signal": (context, runId, payload) => sendSignal(context, { runId, name: "paid", payload }),
  "a result": (context, runId, output) => completeJob(context, { runId, jobId: "j1", output, reason }),
  "another input of a job": (context, runId, input) =>
    retryJob(context, { runId, jobId: "j1", input, reason }),
};

function carried(command: RunCommand | undefined): string {
  const { payload, output, input } = (command ?? {}) as Readonly<Record<string, string>>;
  return payload ?? output ?? input ?? "";
}

describe.each(Object.entries(gives))("What is given as %s", (_, give) => {
  test.each(["secret", "elsewhere"])(
    "goes encrypted to the run %s, and as it is to another",
    async (runId) => {
      const { context, sent, readable } = server();
      await give(context, runId, '"Ada"');
      expect(isEncrypted(carried(sent[0]))).toBe(true);
      expect(readable(carried(sent[0]))).toBe('"Ada"');
    },
  );

  test("goes as it is to a run that is not encrypted", async () => {
    for (const hasKeys of [true, false]) {
      const { context, sent } = server({ hasKeys });
      await give(context, "plain", '"Ada"');
      expect(carried(sent[0])).toBe('"Ada"');
    }
  });

  test("is refused where the server has no keys, or nobody knows what the run carries", async () => {
    const { context, sent, state } = server({ hasKeys: false });
    for (const runId of ["secret", "elsewhere"])
      await expect(give(context, runId, '"Ada"')).rejects.toThrow("this server has no keys");
    await expect(give(context, "nobody", '"Ada"')).rejects.toThrow("There is no run nobody");
    state.lost = "The log does not answer.";
    await expect(give(context, "nobody", '"Ada"')).rejects.toThrow(
      "its input can't be found. The log does not answer.",
    );
    const behind = server({ live: false });
    await expect(give(behind.context, "nobody", '"Ada"')).rejects.toMatchObject({ code: "unavailable" });
    expect([...sent, ...behind.sent]).toEqual([]);
  });
});

describe("A bulk action", () => {
  const aim = (runId: string, order: object) => ({
    bulkId: "bulk-1",
    number: 0,
    target: [runId, "j1"] as [string, string],
    order: { reason, ...order } as never,
  });

  test.each([
    { verb: "sendSignal", signal },
    { verb: "completeJob", output: '{"to":"Ada"}' },
  ])("gives no encrypted run what stands in its own run: $verb", async (order) => {
    for (const hasKeys of [true, false]) {
      const { context, sent } = server({ hasKeys });
      for (const runId of ["secret", "elsewhere"])
        expect(await actOn(context, aim(runId, order))).toMatchObject({
          type: "refused",
          message: expect.stringContaining("what you give would be in the log for everybody to read"),
        });
      expect(sent).toEqual([]);
      await actOn(context, aim("plain", order));
      expect(carried(sent[0])).toBe('{"to":"Ada"}');
      const selection = (runIds: string[]) => ({
        type: "items",
        items: runIds.map((runId) => ({ runId, jobId: "j1" })),
      });
      const start = (runIds: string[]) =>
        startBulk(context, {
          order: bulkOrder.parse({ ...order, reason, selection: selection(runIds) }),
          actionId: "b",
        });
      await expect(start(["plain", "secret"])).rejects.toThrow("The payloads of secret are encrypted");
      expect(sent).toHaveLength(1);
      await start(["plain"]);
      expect(sent).toHaveLength(2);
    }
  });

  test("sends encrypted runs a signal that says nothing, where the server has keys", async () => {
    const order = { verb: "sendSignal", signal: { name: "go", payload: "null" } };
    const { context, sent, readable } = server();
    await actOn(context, aim("secret", order));
    expect(isEncrypted(carried(sent[0]))).toBe(true);
    expect(readable(carried(sent[0]))).toBe("null");
    expect(await actOn(server({ hasKeys: false }).context, aim("secret", order))).toMatchObject({
      message: expect.stringContaining("this server has no keys"),
    });
  });
});

describe("A start by a server that has keys", () => {
  test("is encrypted where the workflow's newest run is, and not where it isn't or there is none", async () => {
    const { context, sent } = server();
    for (const workflow of ["order", "notice", "new"])
      await startRun(context, { workflow, input: "1", actionId: workflow });
    expect(sent.map((command) => isEncrypted(carried(command)))).toEqual([true, false, false]);
    await expect(
      startRun(server({ live: false }).context, { workflow: "order", input: "1" }),
    ).rejects.toMatchObject({ code: "unavailable" });
  });

  test("of an id that is there is known again after the key was changed", async () => {
    const { context, sent, inputs, path } = server();
    const start = { workflow: "order", input: "1", runId: "o-9" };
    await startRun(context, { ...start, actionId: "a" });
    inputs.set("o-9", carried(sent[0]));
    changePayloadKeys(path, (all) => [...all, newPayloadKey("acme-2")]);
    await startRun(context, { ...start, actionId: "b" });
    await startRun(context, { ...start, runId: "o-10", actionId: "c" });
    const [first, again, other] = sent.map((command) => encryptedOf(carried(command)));
    expect(again?.same).toBe(first?.same);
    expect(other?.key).toBe("acme-2");
  });
});
