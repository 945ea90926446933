import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encryptedPayload } from "../../src/encrypted.ts";
import { idTaken, readIdTaken, withoutInputDigests } from "../../src/run/id-taken.ts";
import { inputDigest, inputHash } from "../../src/run/input-hash.ts";

const statuses = ["running", "damaged", "completed", "failed", "cancelled", "terminated"] as const;
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/);
const state = (input: string, workflow = "order") => {
  return { workflow, status: "running", inputHash: inputHash(input) } as const;
};

describe("The words that refuse a start whose id is another run's", () => {
  it("name both inputs by a digest that is that of the same value, however it is written", () => {
    const start = { runId: "order-1", workflow: "order", input: '{"b":2,"a":1}' };
    expect(idTaken(state("{}"), start)).toBe(
      `The id order-1 is taken: it is a run of order with another input (digest ${inputDigest("{}")}, not ${inputDigest('{ "a": 1, "b": 2 }')}), and running. A new run needs an id of its own.`,
    );
    expect(idTaken(state('{"a":1,"b":2}'), start)).toBeUndefined();
  });

  it("are read as they were meant, whatever the ids, names and inputs are", () => {
    const runId = fc.oneof(
      fc.string(),
      fc.constantFrom("x is taken: it is a run of y, not of z", " (digest 0, not 1), and running."),
    );
    fc.assert(
      fc.property(
        runId,
        fc.oneof(name, fc.constant("order")),
        fc.oneof(name, fc.constant("order")),
        fc.json(),
        fc.json(),
        fc.constantFrom(...statuses),
        (id, had, wanted, one, other, status) => {
          const words = idTaken(
            { workflow: had, status, inputHash: inputHash(one) },
            { runId: id, workflow: wanted, input: other },
          );
          const isSame = had === wanted && inputHash(one) === inputHash(other);
          const digests = had === wanted ? [inputDigest(one), inputDigest(other)] : [];
          const digest = (at: number) => (digests.length > 0 ? { inputDigest: digests[at] } : {});
          expect(words === undefined).toBe(isSame);
          if (words === undefined) return;
          expect(readIdTaken(words, id)).toStrictEqual({
            existing: { workflow: had, status, ...digest(0) },
            asked: { workflow: wanted, ...digest(1) },
          });
        },
      ),
    );
  });

  it("are read without digests where an older engine wrote them, and not at all where it is unknown what they say", () => {
    const older =
      "The id order-1 is taken: it is a run of order with another input, and completed. A new run needs an id of its own.";
    expect(readIdTaken(older, "order-1")).toStrictEqual({
      existing: { workflow: "order", status: "completed" },
      asked: { workflow: "order" },
    });
    expect(readIdTaken(older, "order-2")).toBeUndefined();
    expect(readIdTaken(older.replace("completed", "asleep"), "order-1")).toBeUndefined();
    expect(readIdTaken("The id order-1 is taken.", "order-1")).toBeUndefined();
    expect(readIdTaken("The id order-1 is taken: it is a run of order.", "order-1")).toBeUndefined();
  });

  it("compare the inputs alone where the run's workflow is lost", () => {
    const start = { runId: "order-1", workflow: "order", input: "1" };
    expect(idTaken(state("1", ""), start)).toBeUndefined();
    expect(idTaken(state("2", ""), start)).toMatch(/it is a run of order with another input \(/);
  });

  it("say of an encrypted input what its digest is of", () => {
    const input = encryptedPayload({ v: 1, alg: "A256GCM", key: "k", nonce: "", data: "YQ", same: "b25l" });
    const start = { runId: "order-1", workflow: "order", input };
    const words = idTaken(state("{}"), start) ?? "";
    expect(words).toMatch(
      / The same input has the same digest only where both are encrypted with one key\.$/,
    );
    expect(readIdTaken(words, "order-1")).toMatchObject({ asked: { inputDigest: inputDigest(input) } });
  });

  it("keep their digests to themselves before those who may not see the inputs", () => {
    const start = { runId: "order-1", workflow: "order", input: "1" };
    expect(withoutInputDigests(idTaken(state("2"), start) ?? "")).toBe(
      "The id order-1 is taken: it is a run of order with another input, and running. A new run needs an id of its own.",
    );
  });
});

it("A digest is as long for every input", () => {
  fc.assert(fc.property(fc.json(), (input) => /^[0-9a-f]{14}$/.test(inputDigest(input))));
});
