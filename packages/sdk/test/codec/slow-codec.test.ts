import type { RunCommand } from "@downbeat/domain";
import { encryptedPayload } from "@downbeat/domain";
import { systemClock } from "@downbeat/message-log";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Insistence } from "../../src/codec/insistence.ts";
import { Payloads } from "../../src/codec/payloads.ts";
import type { PayloadCodec } from "../../src/index.ts";
import { silent } from "../../src/logging/logger.ts";
import { Attempt } from "../../src/worker/attempt.ts";
import type { JobContext } from "../../src/worker/handler.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const envelope = encryptedPayload({ v: 1, alg: "own", key: "k", nonce: "", data: "" });

function attempted(codec: PayloadCodec, handler: (context: JobContext) => unknown) {
  const said: { readonly at: number; readonly command: RunCommand }[] = [];
  const from = performance.now();
  const say = (command: RunCommand) => void said.push({ at: performance.now() - from, command });
  const names = { runId: "r", workflow: "w", jobId: "j1", jobType: "work", idempotencyKey: "r/j1" };
  const attempt = new Attempt(
    { ...names, attempt: 1, input: "null", heartbeatMs: 3_000, startToCloseMs: 60_000 },
    { jobType: "work", execute: (_, context) => handler(context) },
    {
      worker: "me",
      logger: silent,
      clock: systemClock,
      sendHeartbeat: say,
      payloads: new Payloads(codec),
      onStray: () => {},
    },
  );
  const away: string[] = [];
  const insistence = new Insistence(systemClock, ({ message }) => void away.push(message));
  const sent = attempt.run().then((result) => attempt.sent(result, insistence));
  sent.then(say, () => {});
  return { attempt, said, away, sent };
}

/** Beats that say how far the handler got, once a second. */
async function beatsFor(seconds: number, { heartbeat }: JobContext): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    heartbeat({ second });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

const types = (said: readonly { readonly command: RunCommand }[]) => said.map(({ command }) => command.type);

describe("An attempt whose codec does not answer", () => {
  test("is never silent for longer than its heartbeats may be apart, and its result comes last", async () => {
    const hung = Promise.withResolvers<string>();
    const codec: PayloadCodec = { encode: () => hung.promise, decode: (payload) => payload };
    const { said, sent } = attempted(codec, (context) => beatsFor(10, context));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(types(said)).not.toContain("CompleteAttempt");
    hung.resolve(envelope);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sent).toMatchObject({ type: "CompleteAttempt", output: envelope });
    expect(said.at(-1)?.command.type).toBe("CompleteAttempt");
    const times = [0, ...said.map(({ at }) => at)];
    for (const [index, at] of times.entries()) expect(at - (times[index - 1] ?? 0)).toBeLessThan(3_000);
    expect(said.some(({ command }) => "details" in command)).toBe(false);
  });

  test("is given up with its time, and its engine told so in words that need no key", async () => {
    const codec: PayloadCodec = { encode: () => new Promise(() => {}), decode: (payload) => payload };
    const { attempt, away, sent } = attempted(codec, () => "done");
    const refused = expect(sent).rejects.toThrow("The codec has not answered.");
    await vi.advanceTimersByTimeAsync(61_000);
    await refused;
    expect(away).toEqual(["The codec has not answered."]);
    expect(attempt.notEncrypted()).toMatchObject({
      type: "FailAttempt",
      failure: { kind: "timeout", name: "TimedOut", timeout: "startToClose" },
    });
  });

  test("is given up when nobody waits for it any more", async () => {
    const codec: PayloadCodec = { encode: () => new Promise(() => {}), decode: (payload) => payload };
    const { attempt, said, sent } = attempted(codec, () => "done");
    const refused = expect(sent).rejects.toThrow("The codec has not answered.");
    await vi.advanceTimersByTimeAsync(5_000);
    attempt.abort(new Error("called off"));
    await refused;
    const { length } = said;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(said).toHaveLength(length);
  });

  test("tells how far it got where the codec is quick", async () => {
    const codec: PayloadCodec = { encode: () => envelope, decode: (payload) => payload };
    const { said } = attempted(codec, (context) => beatsFor(2, context));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(said.map(({ command }) => ("details" in command ? command.details : command.type))).toEqual([
      envelope,
      envelope,
      "CompleteAttempt",
    ]);
  });
});
