import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, idProblem, maxLabels, type RunEvent } from "../../src/index.ts";
import { inputHash } from "../../src/run/input-hash.ts";
import { action, started } from "../samples.ts";
import { type Asked, given, runId, t0 } from "../scenario.ts";

const start: Asked = { type: "StartRun", workflow: "order", input: '{"a":1,"b":[2]}', commandId: "again" };
const before: RunEvent = { type: "RunStarted", workflow: "order", input: '{"a":1,"b":[2]}' };
const over: RunEvent = { type: "RunCompleted", output: "1" };

describe("A start with the id of a run that there is", () => {
  it.each<[string, RunEvent[]]>([
    ["is running", [before]],
    ["is over", [before, over]],
    ["was ended by a person", [before, { type: "RunTerminated", action: action() }]],
  ])("and its workflow and input is that run, where it %s", (_, events) => {
    given(...events)
      .when(start)
      .rejectedAs("RunExists");
    given(...events)
      .when({ ...start, input: ' { "b": [2.0], "a": 1 }' } as Asked)
      .rejectedAs("RunExists");
  });

  it.each<[string, Partial<Extract<Asked, { type: "StartRun" }>>, RegExp]>([
    [
      "another workflow",
      { workflow: "refund" },
      /^The id order-1 is taken: it is a run of order, not of refund, and running\. A new run needs an id of its own\.$/,
    ],
    [
      "another input",
      { input: '{"a":1,"b":[3]}' },
      /^The id order-1 is taken: it is a run of order with another input \(digest 149a70b8e07c86, not 0451799f646759\), and running\. A new run needs an id of its own\.$/,
    ],
    ["no input", { input: "null" }, /with another input/],
    ["what is no JSON", { input: "{" }, /with another input/],
  ])("and %s is refused, with what is wrong", (_, other, sentence) => {
    const asked = { ...start, ...other } as Asked;
    given(before).when(asked).rejectedAs("RunIdTaken");
    given(before, over).when(asked).rejectedAs("RunIdTaken");
    const command = { ...asked, commandId: "again", runId };
    expect(decide(given(before).state, command as never, t0)).toMatchObject({
      message: expect.stringMatching(sentence),
    });
  });

  it("other labels, and who starts it, make no difference", () => {
    given(before)
      .when({ ...start, labels: { city: "Bern" }, startedBy: "mia" } as Asked)
      .rejectedAs("RunExists");
  });
});

describe("Inputs are told apart", () => {
  it("by what they are, not by how they are written", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.integer({ min: 0, max: 4 }), (a, b, spaces) => {
        const same = inputHash(JSON.stringify(reversed(JSON.parse(a)), undefined, spaces));
        expect(same).toBe(inputHash(a));
        expect(inputHash(a) === inputHash(b)).toBe(
          JSON.stringify(reversed(reversed(JSON.parse(a)))) ===
            JSON.stringify(reversed(reversed(JSON.parse(b)))),
        );
      }),
    );
  });

  it("by their text where they are nested more than a hundred levels deep", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const nested = (levels: number, inside: string) => open.repeat(levels) + inside + close.repeat(levels);
      expect(inputHash(nested(100, " 1 "))).toBe(inputHash(nested(100, "1")));
      expect(inputHash(nested(101, " 1 "))).not.toBe(inputHash(nested(101, "1")));
    }
  });

  it("in 53 bits that are kept of runs forever", () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    const inputs = ["null", "{}", "[]", '{"o":[]}', '{"b":1,"a":"漢😀"}', '"\\ud800"', "{", deep];
    const hashes = inputs.map(inputHash);
    expect(new Set(hashes).size).toBe(inputs.length);
    for (const one of hashes) expect(Number.isSafeInteger(one) && one >= 0).toBe(true);
    expect(hashes).toMatchInlineSnapshot(`
      [
        5928731229808667,
        7115974105279766,
        6946742448209102,
        5532658610846038,
        4486584445170503,
        8534309548032679,
        8688000652523421,
        5953741033710787,
      ]
    `);
  });
});

describe("A new run's id", () => {
  const composed = "café";
  const decomposed = composed.normalize("NFD");

  it("is in Unicode's normal form, so that two that look alike are one", () => {
    expect(idProblem(composed)).toBeUndefined();
    const command = { ...start, commandId: "c", runId: decomposed } as never;
    expect(decide(undefined, command, t0)).toMatchObject({
      type: "rejected",
      code: "InvalidInput",
      message: expect.stringMatching(/^The run id is not in Unicode's normal form NFC, so it would look/),
    });
    expect(decide(undefined, { ...start, commandId: "c", runId: composed } as never, t0)).toMatchObject({
      type: "accepted",
    });
  });

  it("may have been another before: that run is known as ever", () => {
    const command = { ...start, commandId: "c", runId: decomposed } as never;
    expect(decide(given(before).state, command, t0)).toMatchObject({ code: "RunExists" });
  });
});

describe("A run's labels", () => {
  const some = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${from + index}`, "x"]));
  const { labels: _, ...plain } = started as Extract<RunEvent, { type: "RunStarted" }>;

  it(`are ${maxLabels} together, those of its start included`, () => {
    const all = given({ ...plain, labels: some(0, 5) }).and({ type: "LabelsSet", labels: some(5, 15) });
    all
      .whenCodeWants({ type: "SetLabels", labels: some(10, 10) })
      .brings({ type: "LabelsSet", labels: some(10, 10) });
    all.whenCodeWants({ type: "SetLabels", labels: some(19, 2) }).brings({
      type: "RunStuck",
      failure: {
        kind: "code",
        name: "TooManyLabels",
        message:
          "The run would have 21 labels; the limit is 20, those of its start included. Set one of them again, or keep what is no label in the run's output.",
      },
    });
  });

  it("may be set up to the last of them", () => {
    given({ ...plain, labels: some(0, 19) })
      .whenCodeWants({ type: "SetLabels", labels: some(19, 1) })
      .brings({ type: "LabelsSet", labels: some(19, 1) })
      .whenCodeWants({ type: "SetLabels", labels: some(20, 1) })
      .brings({ type: "RunStuck", failure: expect.objectContaining({ name: "TooManyLabels" }) });
  });

  it("may be more in a run that is older than the limit: what it has can be set again", () => {
    const old = given(plain).and(
      ...Array.from({ length: 20 }, (_, index): RunEvent => {
        return { type: "LabelsSet", labels: some(20 * index, 20) };
      }),
    );
    old
      .whenCodeWants({ type: "SetLabels", labels: some(300, 1) })
      .brings({ type: "LabelsSet", labels: some(300, 1) });
  });
});

/** The names of its objects in another order. */
function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const names = Object.keys(value).sort().reverse();
  return Object.fromEntries(names.map((name) => [name, reversed((value as Record<string, unknown>)[name])]));
}
