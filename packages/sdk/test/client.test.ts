import { inputDigest, maxPayloadBytes, type RunCommand, type RunEvent } from "@downbeat/domain";
import { type Clock, systemClock } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { HistoryFollower } from "../src/client/history-follower.ts";
import {
  type Client,
  client,
  NoAnswerError,
  type RunNotCompletedError,
  RunRefusedError,
} from "../src/client/index.ts";
import { workflow } from "../src/index.ts";
import { openTestLog, type TestLog, until } from "./open-log.ts";
import { endOf, Owner } from "./owner.ts";

const greet = workflow(
  "greet",
  { input: z.object({ name: z.string() }) },
  async (_run, { name }) => `hello ${name}`,
);
const plain = workflow("plain", async (_run, input: string) => input);

function started({ type, ...command }: RunCommand): readonly RunEvent[] {
  if (type !== "StartRun" || !("workflow" in command)) return [{ type: "LabelsSet", labels: {} }];
  return [{ type: "RunStarted", workflow: command.workflow, input: command.input }];
}

function refused(code: "RunExists" | "RunIdTaken" | "UnknownWorkflow", message = "no"): readonly RunEvent[] {
  return [{ type: "CommandRefused", command: "StartRun", code, message }];
}

test.each<[string, Record<string, unknown>, RegExp]>([
  ["an empty actor", { actor: "" }, /actor can't be "": it is a text of 1 to 200 characters/],
  ["an actor too long", { actor: "x".repeat(201) }, /actor can't be "x+…: it is a text/],
  [
    "a time without end",
    { answerWithin: Number.POSITIVE_INFINITY },
    /^answerWithin of client\(\) can't be Infinity/,
  ],
  ["a typing error", { acter: "alice" }, /There is no option acter; did you mean actor\?$/],
  ["a lookup that is none", { lookup: "there" }, /lookup can't be "there": it is a function/],
  ["no log", { log: undefined }, /log can't be undefined: it is a message log/],
  ["no connection", { connection: undefined }, /connection can't be undefined: it is what connect\(\) gives/],
])("a client with %s is refused at once", async (_, options, sentence) => {
  await using opened = await openTestLog();
  expect(() => client({ log: opened.log, ...options } as never)).toThrow(sentence);
});

test("a reason or a job's id that is left out is named, by the call that lacks it", async () => {
  await using opened = await openTestLog();
  const run = client({ log: opened.log }).run("r");
  const lacking = {
    cancel: [],
    terminate: [7],
    resume: [null],
    cancelJob: ["j1"],
    runJobNow: ["j1", {}],
    retryJob: ["j1"],
    completeJob: ["j1", 1],
  } as const;
  for (const [name, args] of Object.entries(lacking)) {
    const call = run[name as keyof typeof lacking] as (...args: unknown[]) => Promise<void>;
    await expect(call.apply(run, [...args])).rejects.toThrow(
      new RegExp(`^${name}\\(\\) needs a reason, which is kept in the run's history; it got `),
    );
  }
  await expect(run.cancelJob(undefined as never, "because")).rejects.toThrow(
    /^cancelJob\(\) needs the id of a job, as in run\.cancelJob\("j1", …\); it got "?undefined/,
  );
});

test("a command that the engine would not take is refused before it is sent, instead of waited for", async () => {
  await using opened = await openTestLog();
  const c = client({ log: opened.log });
  const run = c.run("r");
  const sentence = (sending: Promise<unknown>) =>
    sending.then(
      () => "taken",
      (error: unknown) => (error instanceof RunRefusedError ? `${error.code} ${error.message}` : error),
    );
  expect(await sentence(run.cancel("x".repeat(1_001)))).toMatch(
    /^InvalidInput CancelRun can't be sent\. action\.reason: /,
  );
  expect(await sentence(run.signal("n".repeat(201)))).toMatch(
    /^InvalidInput SendSignal can't be sent\. name: /,
  );
  expect(await sentence(run.signal("n", 1, { signalId: "" }))).toMatch(/^InvalidInput .* signalId: /);
  expect(await sentence(run.retryJob("job one", "because"))).toMatch(/^InvalidInput .* jobId: /);
  expect(await sentence(run.terminate("\udc00"))).toMatch(/half of a surrogate pair/);
  expect(await sentence(c.start("plain", "漢".repeat(131_000)))).toBe(
    "PayloadTooLarge The input is 393002 bytes of JSON; the limit is 131072.",
  );
  await expect(c.start(plain, "x", { runID: "r" } as never)).rejects.toThrow(
    "There is no option runID; did you mean runId?",
  );
  await expect(run.result({ timeOut: 1 } as never)).rejects.toThrow("did you mean timeout?");
  await expect(run.signal("n", 1, { signalID: "s" } as never)).rejects.toThrow("did you mean signalId?");
  await expect(run.retryJob("j1", "because", { inputs: 1 } as never)).rejects.toThrow("did you mean input?");
  await c.close();
});

describe("starting a run", () => {
  test("resolves when the engine accepted it, and says who did it", async () => {
    await using opened = await openTestLog();
    const owner = new Owner(opened.connect());
    await owner.answer(2, started);
    const c = client({ log: opened.log, actor: "alice" });
    const run = await c.start(greet, { name: "Bob" }, { runId: "order-1", labels: { order: "1" } });
    expect(run.runId).toBe("order-1");
    expect(owner.commands).toEqual([
      {
        type: "StartRun",
        commandId: expect.any(String),
        runId: "order-1",
        workflow: "greet",
        input: '{"name":"Bob"}',
        labels: { order: "1" },
        startedBy: "alice",
      },
    ]);
    await c.close();
  });

  test("one that ends in the very record that starts it has its result", async () => {
    await using opened = await openTestLog();
    const owner = new Owner(opened.connect());
    await owner.answer(2, (command) => [...started(command), { type: "RunCompleted", output: '"hello"' }]);
    const c = client({ log: opened.log });
    const run = await c.start(greet, { name: "Bob" });
    expect(await run.result({ timeout: "5 seconds" })).toBe("hello");
    await c.close();
  });

  test("input, labels and ids that can't be taken are refused before anything is sent", async () => {
    await using opened = await openTestLog();
    const c = client({ log: opened.log });
    const code = (starting: Promise<unknown>) =>
      starting.then(
        () => "taken",
        (error: unknown) => (error instanceof RunRefusedError ? error.code : error),
      );
    expect(await code(c.start(greet, { name: 5 as unknown as string }))).toBe("InvalidInput");
    expect(await code(c.start(plain, "x".repeat(maxPayloadBytes)))).toBe("PayloadTooLarge");
    expect(await code(c.start("plain", 1n))).toBe("InvalidInput");
    expect(await code(c.start(plain, "x", { runId: "a b" }))).toBe("InvalidInput");
    expect(await code(c.start(plain, "x", { labels: { "": "x" } }))).toBe("InvalidInput");
    await c.close();
  });

  test("a run that exists is the one, or an error for who wants it to be new", async () => {
    await using opened = await openTestLog();
    await new Owner(opened.connect()).answer(2, () => refused("RunExists", "A run order-1 exists already."));
    const c = client({ log: opened.log });
    expect((await c.start(plain, "x", { runId: "order-1" })).runId).toBe("order-1");
    await expect(c.start(plain, "x", { runId: "order-1", ifExists: "fail" })).rejects.toMatchObject({
      name: "RunRefusedError",
      code: "RunExists",
      message: "A run order-1 exists already.",
    });
    await c.close();
  });

  test("an id that another run has is an error for everybody", async () => {
    await using opened = await openTestLog();
    const message = "The id order-1 is taken: it is a run of plain with another input, and running.";
    await new Owner(opened.connect()).answer(2, () => refused("RunIdTaken", message));
    const c = client({ log: opened.log });
    await expect(c.start(plain, "y", { runId: "order-1" })).rejects.toMatchObject({
      name: "RunRefusedError",
      code: "RunIdTaken",
      message,
      taken: { existing: { workflow: "plain", status: "running" }, asked: { workflow: "plain" } },
    });
    await c.close();
  });

  test("an id that a run with another input has is an error with both inputs' digests", async () => {
    await using opened = await openTestLog();
    const digests = [inputDigest('"x"'), inputDigest('"y"')] as const;
    const message = `The id order-1 is taken: it is a run of plain with another input (digest ${digests.join(", not ")}), and running. A new run needs an id of its own.`;
    await new Owner(opened.connect()).answer(2, () => refused("RunIdTaken", message));
    const c = client({ log: opened.log });
    const error = await c.start(plain, "y", { runId: "order-1" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunRefusedError);
    expect(error).toMatchObject({
      taken: {
        existing: { workflow: "plain", status: "running", inputDigest: digests[0] },
        asked: { workflow: "plain", inputDigest: digests[1] },
      },
    });
    await c.close();
  });

  test("an id in another form than Unicode's normal one, and too many labels, are refused with a sentence", async () => {
    await using opened = await openTestLog();
    const c = client({ log: opened.log });
    const runId = "café".normalize("NFD");
    await expect(c.start(plain, "x", { runId })).rejects.toThrow(
      /^The run id can't be taken\.\n.*The run id is not in Unicode's normal form NFC/s,
    );
    // A run that has such an id from before is still told things.
    expect(c.run(runId).runId).toBe(runId);
    const labels = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`l${index}`, "x"]));
    await expect(c.start(plain, "x", { labels })).rejects.toThrow(
      /^The labels can't be taken\.\n.*at most 20 labels/s,
    );
    await c.close();
  });

  test("a refusal by the engine is the starter's error", async () => {
    await using opened = await openTestLog();
    await new Owner(opened.connect()).answer(2, () =>
      refused("UnknownWorkflow", "There is no workflow plane."),
    );
    const c = client({ log: opened.log });
    await expect(c.start("plane")).rejects.toMatchObject({ code: "UnknownWorkflow" });
    await c.close();
  });

  test("without an engine it is in the inbox, and says so in time", async () => {
    await using opened = await openTestLog();
    const c = client({ log: opened.log, answerWithin: 1_000 });
    const late = c.start(plain, "x", { runId: "r" });
    await expect(late).rejects.toThrow(
      "StartRun of run r was not answered within 1000 ms. It is in the inbox,",
    );
    await expect(late).rejects.toMatchObject({ delivery: "received" });
    await expect(late).rejects.toBeInstanceOf(NoAnswerError);
    await c.start(plain, "x", { wait: "sent" });
    await c.close();
  });

  test("many at once share messages", async () => {
    await using opened = await openTestLog(1);
    const owner = new Owner(opened.connect());
    await owner.answer(1, started);
    const c = client({ log: opened.log });
    await Promise.all(Array.from({ length: 500 }, (_, i) => c.start(plain, `${i}`)));
    expect(owner.commands).toHaveLength(500);
    let messages = 0;
    await opened.log.openReader(topics.inbox(0), { from: "earliest", onMessage: () => void messages++ });
    await until(() => messages > 0);
    expect(messages).toBeLessThan(20);
    await c.close();
  });
});

describe("a run's end", () => {
  const ends: [string, RunEvent, Partial<RunNotCompletedError>][] = [
    [
      "failed",
      { type: "RunFailed", failure: { kind: "business", name: "CardDeclined", message: "declined" } },
      {
        status: "failed",
        message: "Run r failed: declined",
        failure: { kind: "business", name: "CardDeclined", message: "declined" },
      },
    ],
    ["cancelled", { type: "RunCancelled" }, { status: "cancelled", message: "Run r was cancelled." }],
    [
      "terminated",
      { type: "RunTerminated", action: { actionId: "a", actor: "bob", reason: "wrong" } },
      { status: "terminated", message: "Run r was terminated: bob: wrong" },
    ],
  ];

  test.each(ends)("%s is an error that says why", async (_, event, error) => {
    await using opened = await openTestLog(1);
    const owner = new Owner(opened.connect());
    await owner.answer(1, started);
    const c = client({ log: opened.log });
    const run = await c.start(plain, "x", { runId: "r" });
    await owner.record(0, endOf("r", event));
    await expect(run.result()).rejects.toMatchObject(error);
    await c.close();
  });

  test("with an output of six thousand levels, which was recorded when that was taken, can be read", async () => {
    await using opened = await openTestLog(1);
    const owner = new Owner(opened.connect());
    await owner.answer(1, started);
    const c = client({ log: opened.log });
    const run = await c.start(plain, "x", { runId: "r" });
    const output = `${"[".repeat(6_000)}${"]".repeat(6_000)}`;
    await owner.record(0, endOf("r", { type: "RunCompleted", output }));
    let levels = 0;
    for (let value: unknown = await run.result(); Array.isArray(value); [value] = value) levels++;
    expect(levels).toBe(6_000);
    await c.close();
  });

  test("is waited for no longer than allowed", async () => {
    await using opened = await openTestLog(1);
    const c = client({ log: opened.log });
    await expect(c.run("r").result({ timeout: 20 })).rejects.toThrow("Run r has not ended within 20 ms.");
    await c.close();
  });

  test("that came before anybody looked is found by the lookup", async () => {
    await using opened = await openTestLog(1);
    const c = client({ log: opened.log, lookup: async () => ({ status: "completed", output: "7" }) });
    expect(await c.run<number>("r").result()).toBe(7);
    await c.close();
  });
});

describe("many handles of one run", () => {
  /** Answers starts as the engine does. */
  async function answering(opened: TestLog): Promise<Owner> {
    const owner = new Owner(opened.connect());
    const statuses = new Map<string, string>();
    await owner.answer(1, (command) => {
      const { runId } = command;
      if (command.type === "CancelRun") {
        statuses.set(runId, "completed");
        return [{ type: "RunCompleted", output: '"done"' }];
      }
      const status = statuses.get(runId);
      if (status !== undefined)
        return refused("RunExists", `A run ${runId} exists already; it is ${status}.`);
      statuses.set(runId, "running");
      return started(command);
    });
    return owner;
  }

  test("a second start of an id leaves the first handle its result", async () => {
    await using opened = await openTestLog(1);
    await answering(opened);
    const c = client({ log: opened.log });
    const first = await c.start(plain, "x", { runId: "r" });
    const second = await c.start(plain, "x", { runId: "r" });
    const results = [first.result(), second.result(), c.run("r").result()];
    await first.cancel("it is time");
    expect(await Promise.all(results)).toEqual(["done", "done", "done"]);
    const third = await c.start(plain, "x", { runId: "r" });
    expect([await third.result(), await c.run("r").result(), await first.result()]).toEqual(
      Array(3).fill("done"),
    );
    await c.close();
  });

  test("those of another client too, also where it came when the run was over", async () => {
    await using opened = await openTestLog(1);
    await answering(opened);
    const [one, two, late] = [opened.log, opened.connect(), opened.connect()].map((log) => client({ log }));
    const first = await one?.start(plain, "x", { runId: "r" });
    const second = await two?.start(plain, "x", { runId: "r" });
    await first?.cancel("it is time");
    expect([await second?.result(), await first?.result()]).toEqual(["done", "done"]);
    const opening = late?.run("r").result();
    const third = await late?.start(plain, "x", { runId: "r" });
    expect(await Promise.all([third?.result(), opening, third?.result()])).toEqual(["done", "done", "done"]);
    await Promise.all([one?.close(), two?.close(), late?.close()]);
  });

  test("a handle made while it is not yet settled how its run ended waits for that", async () => {
    await using opened = await openTestLog(1);
    const owner = new Owner(opened.connect());
    await owner.answer(1, (command) => {
      return owner.commands.length === 1
        ? started(command)
        : refused("RunExists", "A run r exists already; it is completed.");
    });
    const c = client({ log: opened.log });
    await c.start(plain, "x", { runId: "r" });
    const ends = owner.record(0, endOf("r", { type: "RunCompleted", output: '"done"' }));
    const [handle] = await Promise.all([c.start(plain, "x", { runId: "r" }), ends]);
    expect(await handle.result()).toBe("done");
    await c.close();
  });

  test("in whatever order they are made, awaited and their run ends, they settle with the same", async () => {
    await using opened = await openTestLog(1);
    await answering(opened);
    const clients = [client({ log: opened.log }), client({ log: opened.connect() })];
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("start", "open", "await"), { minLength: 2, maxLength: 8 }),
        fc.nat(7),
        async (deeds, endAt) => {
          const runId = `r-${++runs}`;
          const handles = await Promise.all(clients.map((c) => c.start(plain, "x", { runId })));
          const results: Promise<unknown>[] = [];
          for (const [index, deed] of deeds.entries()) {
            const c = clients[index % 2] as Client;
            const handle = handles[index % handles.length];
            if (index === endAt % deeds.length) await handles[0]?.cancel("it is time");
            if (deed === "start") handles.push(await c.start(plain, "x", { runId }));
            else if (deed === "open") handles.push(c.run<string>(runId));
            else if (handle !== undefined) results.push(handle.result());
          }
          const late = client({ log: opened.connect() });
          handles.push(late.run<string>(runId), await late.start(plain, "x", { runId }));
          results.push(...handles.map((handle) => handle.result({ timeout: "10 seconds" })));
          expect(new Set(await Promise.all(results))).toEqual(new Set(["done"]));
          await late.close();
        },
      ),
      { numRuns: 15 },
    );
    await Promise.all(clients.map((c) => c.close()));
  });

  test("a lookup that fails, or does not know yet, is asked again", async () => {
    await using opened = await openTestLog(1);
    const asked: string[] = [];
    const problems: string[] = [];
    const hasty: Clock = {
      now: () => Date.now(),
      setTimer: (callback, ms) => {
        const timer = setTimeout(callback, ms / 1_000);
        return () => clearTimeout(timer);
      },
    };
    const c = client({
      log: opened.log,
      clock: hasty,
      onProblem: (problem) => problems.push(problem),
      lookup: async (runId) => {
        asked.push(runId);
        if (asked.length < 3) throw new Error("away");
        return asked.length === 3 ? undefined : { status: "completed", output: "7" };
      },
    });
    expect(await Promise.all([c.run("r").result(), c.run("r").result()])).toEqual([7, 7]);
    expect(asked).toHaveLength(4);
    expect(problems).toEqual(["The end of run r could not be looked up."]);
    await c.close();
  });

  test("closing the client ends what waits", async () => {
    await using opened = await openTestLog(1);
    await answering(opened);
    const c = client({ log: opened.log });
    const run = await c.start(plain, "x", { runId: "r" });
    const result = run.result();
    await c.close();
    await expect(result).rejects.toThrow("The client was closed before the answer came.");
    await expect(run.result()).rejects.toThrow("The client was closed");
  });
});

test("each command of a handle arrives as it is meant", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.answer(1, started);
  const c = client({ log: opened.log, actor: "alice" });
  const run = c.run("r");
  await run.signal("approval", { ok: true });
  await run.signal("approval", null, { signalId: "mine" });
  await run.cancel("a");
  await run.terminate("b");
  await run.resume("c");
  await run.retryJob("j1", "d", { input: { n: 1 } });
  await run.retryJob("j1", "d");
  await run.cancelJob("j1", "e");
  await run.completeJob("j1", { seat: 1 }, "f");
  await run.runJobNow("j1", "g");
  const by = (reason: string) => ({ action: { actionId: expect.any(String), actor: "alice", reason } });
  expect(owner.commands).toMatchObject([
    { type: "SendSignal", runId: "r", name: "approval", payload: '{"ok":true}', actor: "alice" },
    { type: "SendSignal", signalId: "mine", payload: "null" },
    { type: "CancelRun", ...by("a") },
    { type: "TerminateRun", ...by("b") },
    { type: "ResumeRun", ...by("c") },
    { type: "RetryJob", jobId: "j1", input: '{"n":1}', ...by("d") },
    { type: "RetryJob", jobId: "j1", ...by("d") },
    { type: "CancelJob", jobId: "j1", ...by("e") },
    { type: "CompleteJob", jobId: "j1", output: '{"seat":1}', ...by("f") },
    { type: "RunJobNow", jobId: "j1", ...by("g") },
  ]);
  await c.close();
});

describe("following a history from its middle", () => {
  async function follow(open: (owner: Owner) => Promise<void>) {
    const opened = await openTestLog(1);
    const owner = new Owner(opened.connect());
    await open(owner);
    const seen: string[] = [];
    const settled: string[] = [];
    const follower = new HistoryFollower(opened.log, 0, {
      clock: systemClock,
      reconnect: {},
      onDecisions: (decisions) => seen.push(...decisions.map((decision) => decision.runId)),
      onSettled: (decisions) => settled.push(...decisions.map((decision) => decision.runId)),
      isAwaited: () => true,
      onProblem: () => {},
    });
    await follower.ready;
    return {
      owner,
      seen,
      settled,
      async [Symbol.asyncDispose]() {
        await follower.close();
        await opened[Symbol.asyncDispose]();
      },
    };
  }

  test("what nothing builds on is settled by silence, what something builds on at once", async () => {
    await using following = await follow((owner) => owner.claim(0, 3));
    const { owner, seen, settled } = following;
    const from = Date.now();
    await owner.record(0, endOf("a"), "before");
    await owner.record(0, endOf("b"));
    await until(() => seen.length === 2);
    expect(settled).toEqual(["a"]);
    await until(() => settled.length === 2);
    expect(Date.now() - from).toBeGreaterThanOrEqual(230);
  });

  test("after a claim that its owner built on, the accept rule is applied exactly", async () => {
    await using following = await follow((owner) => owner.claim(0, 3));
    const { owner, seen, settled } = following;
    const old = await owner.record(0, endOf("a"));
    await owner.claim(0, 4);
    const first = await owner.record(0, endOf("b"));
    await owner.record(0, endOf("zombie"), old);
    await owner.claim(0, 4, "late");
    await owner.record(0, endOf("c"), first);
    await until(() => seen.length === 3);
    expect([seen, settled]).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
  });

  test("a claim of too low an epoch is seen through, as its owner never builds on it", async () => {
    await using following = await follow((owner) => owner.claim(0, 3));
    const { owner, seen } = following;
    const first = await owner.record(0, endOf("a"), "before");
    await owner.claim(0, 2, "stale");
    await owner.record(0, endOf("b"), first);
    await owner.record(0, endOf("c"));
    await until(() => seen.length === 3);
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test("a chain longer than what is ever under way proves itself", async () => {
    await using following = await follow((owner) => owner.claim(0, 3));
    const { owner, seen, settled } = following;
    for (let i = 0; i < 40; i++) await owner.record(0, endOf(`r${i}`), i === 0 ? "before" : undefined);
    await until(() => seen.length === 40);
    await owner.record(0, endOf("zombie"), "elsewhere");
    await until(() => settled.length >= 40);
    expect(seen).not.toContain("zombie");
  });
});
