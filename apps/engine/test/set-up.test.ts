import { LogError, type LogErrorCode } from "@downbeat/message-log";
import { describe, expect, test } from "vitest";
import { setUp } from "../src/set-up.ts";

/** Refuses in turn, then is ready. */
function logThat(refusals: readonly LogErrorCode[]): () => Promise<number> {
  const left = [...refusals];
  return async () => {
    const code = left.shift();
    if (code !== undefined) throw new LogError(code, `It is ${code}.`);
    return 4;
  };
}

function told() {
  const sentences: string[] = [];
  const waits: number[] = [];
  return {
    sentences,
    waits,
    options: {
      url: "ws://broker:8080",
      namespace: "acme/trips",
      onWaiting: (sentence: string, wait: number) => {
        sentences.push(sentence);
        waits.push(wait);
      },
      pause: async () => {},
    },
  };
}

describe("setting up", () => {
  test("waits for what a person can mend, longer each time, and says what that is", async () => {
    const prepare = logThat(["unavailable", "unauthorized", "missing"]);
    const { options, sentences, waits } = told();
    expect(await setUp({ ...options, prepare })).toBe(4);
    expect(sentences).toEqual([
      "The log at ws://broker:8080 can't be reached: is the address right, and is it running? It is unavailable.",
      "The log at ws://broker:8080 doesn't let this process in. It is unauthorized.",
      "There is no namespace acme/trips at ws://broker:8080: is the address right? If so, make it (npx downbeat setup), or give another with DOWNBEAT_TENANT and DOWNBEAT_NAMESPACE. It is missing.",
    ]);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  test("gives up where waiting can't help", async () => {
    const prepare = logThat(["conflict"]);
    await expect(setUp({ ...told().options, prepare })).rejects.toMatchObject({ code: "conflict" });
  });
});
