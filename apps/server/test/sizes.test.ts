import { maxPayloadBytes } from "@downbeat/domain";
import { BusinessError, job, workflow } from "@downbeat/sdk";
import { type Client, client, RunRefusedError } from "@downbeat/sdk/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEngineering, type RunningServer, startServer, until } from "./stack.ts";

const once = { retry: { maxAttempts: 1 }, whenExhausted: "fail" } as const;
const pass = job<unknown, unknown>("pass", once);
const refuse = job<unknown, unknown>("refuse", once);
const swell = job<string, unknown>("swell", { retry: { maxAttempts: 1 } });

/** Sends what it is given through everything that carries a value. */
const echo = workflow("echo", async (run, input: unknown) => {
  run.setLabels({ [wide(60)]: wide(200), [`${"\u0001".repeat(59)}n`]: "\u0001".repeat(200) });
  const output = await run.job(pass, input);
  const details = await run.job(refuse, output).catch((error: unknown) => {
    return error instanceof BusinessError ? error.details : "other";
  });
  const payload = await run.signal("more");
  if (JSON.stringify(details) !== JSON.stringify(payload)) throw new TypeError("Something was lost.");
  return payload;
});
const grow = workflow("grow", async (run, piece: string) => {
  return piece === "job" ? run.job(swell, "x") : bytes(["x"], maxPayloadBytes + 1);
});

function wide(length: number): string {
  return "漢".repeat(length);
}

/** Of the pieces in turn, a text whose JSON is as long as it is to be. */
function bytes(pieces: readonly string[], size: number, before = 2): string {
  let text = "";
  let left = size - before;
  for (let index = 0; ; index++) {
    const piece = pieces[index % pieces.length] ?? "x";
    // Alone, as halves that come together are a whole.
    const length = Buffer.byteLength(JSON.stringify(`${piece}.`)) - 2;
    if (length > left) return text + "x".repeat(left);
    text += `${piece}.`;
    left -= length;
  }
}

/** Values whose JSON has so many bytes. */
const values: Record<string, (pieces: readonly string[], size: number) => unknown> = {
  text: (pieces, size) => bytes(pieces, size),
  field: (pieces, size) => ({ a: bytes(pieces, size, 8) }),
  name: (pieces, size) => ({ [bytes(pieces, size, 6)]: 1 }),
  nested: (pieces, size) => {
    let value: unknown = bytes(pieces, size, 2 + 2 * 1_000);
    for (let depth = 0; depth < 1_000; depth++) value = [value];
    return value;
  },
};

const pieces = fc.oneof(
  fc.constantFrom(["x"], ["漢"], ["😀"], ["\ud800"], ["\udc00"], ["\u0001"], ['"'], ["\\"], ["\u2028"]),
  fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
);
const examples = [["漢"], ["😀", "\ud800"], ["\u0001"], ['"', "\\"]] as const;

async function sized(measured: (c: Client, server: RunningServer) => Promise<void>): Promise<void> {
  await using engineering = await openEngineering(["public/default"], {
    workflows: [echo, grow],
    jobs: {
      pass: async (input) => input,
      refuse: async (input) => {
        throw new BusinessError("Refused", "no", input);
      },
      swell: async () => bytes(["漢"], maxPayloadBytes + 1),
    },
  });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const c = client({ log: engineering.log, answerWithin: "1 minute" });
  try {
    await until(async () => (await server.api.runs.list.query({})).freshness.live);
    await measured(c, server);
  } finally {
    await c.close();
  }
}

test("what is as large as it may be goes through client, engine, history, worker and the dashboard's API", {
  timeout: 180_000,
}, async () => {
  await sized(async (c, { api }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(values)), pieces, async (shape, of) => {
        const value = values[shape]?.(of, maxPayloadBytes);
        const stored = JSON.stringify(value);
        expect(Buffer.byteLength(stored)).toBe(maxPayloadBytes);
        const run = await c.start(echo, value, { labels: { [wide(59)]: wide(200) } });
        await run.signal("more", value);
        expect(JSON.stringify(await run.result({ timeout: "1 minute" }))).toBe(stored);
        const { runId } = run;
        await until(async () => {
          const shown = await api.runs.get.query({ runId }).catch(() => undefined);
          return shown?.status === "completed";
        });
        expect(await api.runs.get.query({ runId })).toMatchObject({ input: stored, output: stored });
        const { events } = await api.runs.events.query({ runId });
        const carried = events.flatMap(({ event }) => {
          const { input, output, payload, failure } = event as Record<string, unknown>;
          const details = typeof failure === "object" && failure !== null && "details" in failure;
          return [input, output, payload, details ? failure.details : undefined].filter(
            (one) => one !== undefined,
          );
        });
        expect(carried.length).toBeGreaterThanOrEqual(7);
        expect(new Set(carried)).toEqual(new Set([stored]));
        // As the API takes it: the JSON itself.
        const again = await api.runs.start.mutate({ workflow: "echo", input: stored });
        expect(again.outcome).toEqual({ type: "accepted" });
        await api.runs.signal.mutate({ runId: again.runId, name: "more", payload: stored });
        expect(JSON.stringify(await c.run(again.runId).result({ timeout: "1 minute" }))).toBe(stored);
      }),
      {
        numRuns: 8,
        examples: examples.flatMap((of, index): [string, string[]][] => [
          [Object.keys(values)[index] ?? "text", [...of]],
        ]),
      },
    );
  });
});

test("one byte more is refused at every door, in the same unit", { timeout: 120_000 }, async () => {
  await sized(async (c, { api }) => {
    const sentence = /is 131073 bytes of JSON; the limit is 131072\./;
    const run = await c.start(echo, "small", { runId: "small" });
    for (const [index, of] of examples.entries()) {
      const value = values[Object.keys(values)[index] ?? ""]?.(of, maxPayloadBytes + 1);
      const stored = JSON.stringify(value);
      const refusals = [
        c.start("echo", value),
        run.signal("more", value),
        run.completeJob("j1", value, "because"),
        run.retryJob("j1", "because", { input: value }),
      ];
      for (const refusal of refusals) {
        await expect(refusal).rejects.toBeInstanceOf(RunRefusedError);
        await expect(refusal).rejects.toMatchObject({ code: "PayloadTooLarge" });
        await expect(refusal).rejects.toThrow(sentence);
      }
      await expect(api.runs.start.mutate({ workflow: "echo", input: stored })).rejects.toThrow(sentence);
      await expect(api.runs.signal.mutate({ runId: "small", name: "more", payload: stored })).rejects.toThrow(
        sentence,
      );
    }
    // What grows when whoever passes it on writes it again, or can't be gone through level by level.
    const odd = [`"${"\ud800".repeat(22_000)}"`, `[${Array(20_000).fill("1e20").join(",")}]`];
    for (const input of odd)
      await expect(api.runs.start.mutate({ workflow: "echo", input })).rejects.toThrow(
        /it is \d+ bytes of JSON; the limit is 131072\./,
      );
    const deep = `${"[".repeat(1_001)}${"]".repeat(1_001)}`;
    await expect(api.runs.start.mutate({ workflow: "echo", input: deep })).rejects.toThrow(
      "nested 1001 levels deep; the limit is 1000.",
    );
    await expect(c.start("echo", JSON.parse(deep))).rejects.toThrow(
      "The input is nested 1001 levels deep; the limit is 1000.",
    );
    const code = await c.start(grow, "code", { runId: "code" });
    await c.start(grow, "job", { runId: "job" });
    await until(async () => {
      const [stuck, job] = await Promise.all(
        ["code", "job"].map((runId) => api.runs.get.query({ runId }).catch(() => undefined)),
      );
      const reasons = [stuck?.why ?? "", job?.why ?? ""];
      return reasons.every((why) => /131073 bytes of JSON; the limit is 131072/.test(why));
    });
    await code.terminate("done");
  });
});
