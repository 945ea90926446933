import type { RunCommand } from "@downbeat/domain";
import { encodeCommand } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { Client } from "../src/client/index.ts";
import { inProcessDecisions } from "../src/decisions/index.ts";
import { DrivenRun } from "../src/decisions/test/driven-run.ts";
import { attemptFailure } from "../src/failure.ts";
import { BusinessError, JobFailedError, job, NonRetryableError, type Run, workflow } from "../src/index.ts";
import { handle, worker } from "../src/worker/index.ts";

const halves = ["\ud800", "a\udfffb", "\ude00\ud83d"];
const any = job<unknown, unknown>("any");
const log = { openProducer: () => {}, openConsumer: () => {}, openReader: () => {} } as never;

/** What the engine is sent of it: nothing of that is refused on its way. */
function sendable(decisions: readonly unknown[]): string {
  const answer = { type: "AnswerQuestion", commandId: "c", runId: "r", upTo: 1, answerId: "a", decisions };
  return encodeCommand(answer as unknown as RunCommand);
}

describe("a text with half a surrogate pair", () => {
  /** Places where code hands over a text that is refused there. */
  const refused: Readonly<Record<string, (run: Run, text: string) => unknown>> = {
    "a label's value": (run, text) => run.setLabels({ a: text }),
    "a label's name": (run, text) => run.setLabels({ [text]: "a" }),
    "one label of several": (run, text) => run.setLabels({ a: "x", b: text, c: "y" }),
    "a signal's name": (run, text) => run.signal(text),
    "a signal's name, of one with a time limit": (run, text) => run.signal(text, { timeout: "1 second" }),
    "the name of a change": (run, text) => run.version(text, 2),
    "the name of a job put together by hand": (run, text) => run.job({ name: text, options: {} }),
    "the name of an undo": async (run, text) => run.compensate({ name: text, options: {} }),
    "the name of an error that is final": (run, text) => run.job(any, 1, { retry: { nonRetryable: [text] } }),
  };

  test.each(Object.entries(refused))("is refused as %s, where the code gives it", async (_, give) => {
    for (const half of halves) {
      let said: unknown;
      const code = workflow("w", async (run: Run) => {
        try {
          await give(run, half);
        } catch (error) {
          said = error;
          throw error;
        }
      });
      const run = new DrivenRun("w", inProcessDecisions([code]).openSession());
      await run.start();
      expect(said).toMatchObject({
        message: expect.stringMatching(/half of a surrogate pair|can't name a job/),
      });
      expect(run.last).toMatchObject({ type: "RunStuck", failure: { kind: "code" } });
      for (const answer of run.answers) expect(sendable(answer)).toContain("GetStuck");
    }
  });

  /** Places where it is taken: in JSON it has an escape, and what errors say is for people. */
  const taken: Readonly<Record<string, (run: Run, text: string) => unknown>> = {
    "an input": (run, text) => run.job(any, { [text]: text }),
    "an undo's input": async (run, text) => run.compensate(any, text),
    "an output": async (_, text) => ({ [text]: [text] }),
    "a line of the log": async (run, text) => run.log.info({ [text]: text }, text),
    "what an error says": (_, text) =>
      Promise.reject(Object.assign(new Error(text), { name: text, [text]: text })),
    "what a refusal says": (_, text) => Promise.reject(new BusinessError(text, text, { [text]: text })),
    "what a failed job says": (_, text) => {
      const cause = { depth: 1, name: text, message: text, stack: text, details: { [text]: text } };
      const failure = { kind: "technical", name: text, message: text, stack: text, causes: [cause] } as const;
      return Promise.reject(new JobFailedError("any", "j1", failure));
    },
    "what is no error": (_, text) => Promise.reject(text),
  };

  test.each(Object.entries(taken))("goes as %s, and can be sent", async (_, give) => {
    for (const half of halves) {
      const run = new DrivenRun(
        "w",
        inProcessDecisions([workflow("w", async (one: Run) => give(one, half))]).openSession(),
      );
      await run.start();
      for (const answer of run.answers) expect(() => sendable(answer)).not.toThrow();
    }
  });

  test("of a handler's error can be sent", () => {
    for (const half of halves) {
      for (const error of [
        new BusinessError(half, half, half),
        new NonRetryableError(half, half),
        new Error(half, { cause: half }),
      ]) {
        const ref = { commandId: "c", runId: "r", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 };
        const failed = { type: "FailAttempt", ...ref, failure: attemptFailure(error) } as const;
        expect(() => encodeCommand(failed)).not.toThrow();
      }
    }
  });

  const atTheDoor: Readonly<Record<string, (client: Client, text: string) => Promise<unknown>>> = {
    "a run's id": (client, text) => client.start("w", 1, { runId: text }),
    "the id of a run that is there": async (client, text) => client.run(text),
    "a label": (client, text) => client.start("w", 1, { labels: { a: text } }),
    "a label's name": (client, text) => client.start("w", 1, { labels: { [text]: "a" } }),
    "a label of a run that is there": async (client, text) => client.run("r", { labels: { a: text } }),
    "a workflow's name": (client, text) => client.start(text),
    "a signal's name": (client, text) => client.run("r").signal(text),
    "a signal's id": (client, text) => client.run("r").signal("s", 1, { signalId: text }),
    "a reason": (client, text) => client.run("r").cancel(text),
    "an actor": async (_, text) => new Client({ log, actor: text }),
    "a job's id": (client, text) => client.run("r").cancelJob(text, "why"),
  };

  test.each(Object.entries(atTheDoor))("is refused as %s before anything is sent", async (_, give) => {
    const client = new Client({ log, answerWithin: "1 second" });
    for (const half of halves)
      await expect((async () => give(client, half))(), JSON.stringify(half)).rejects.toThrow(
        /half of a surrogate pair|no spaces, control characters|can't name a|jobId/,
      );
  });

  test("is refused as a definition's name, and a worker's", () => {
    for (const half of halves) {
      const given = [
        () => job(half),
        () => workflow(half, async () => {}),
        () => workflow("w", { signals: { [half]: undefined as never } }, async () => {}),
        () => worker({ log, name: half, jobs: {} }),
        () => worker({ log, build: half, jobs: {} }),
        () => handle({ name: half, options: {} } as never, () => {}),
      ];
      for (const give of given) expect(give).toThrow(/half of a surrogate pair|can't name a|can't be taken/);
    }
  });
});
