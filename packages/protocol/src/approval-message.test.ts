import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ApprovalWord,
  encodeApprovalMessage,
  mostTargetsInPart,
  parseApprovalMessage,
  requestDigest,
  type TargetsPart,
  targetsDigest,
} from "./approval-message.ts";
import { RecordKeys, recordKeysFile } from "./record-keys.ts";
import { engineRuleText, secondPersonText } from "./second-person-text.ts";

const ada = { id: "local|ada", actor: "Ada <local|ada>" };
const command = {
  type: "TerminateRun",
  commandId: "a1",
  runId: "trip-1",
  action: { actionId: "a1", actor: ada.actor, reason: "it hangs" },
} as const;
const requested = {
  type: "requested",
  id: "ask-1",
  by: ada,
  at: 5,
  expiresAt: 9,
  command,
  targets: { count: 2, parts: 1, sha: "s" },
} as const satisfies ApprovalWord;
const words: readonly ApprovalWord[] = [
  requested,
  { type: "approved", id: "ask-1", by: ada, at: 6, reason: "", digest: "d" },
  { type: "rejected", id: "ask-1", by: ada, at: 6, reason: "cancel it" },
  { type: "withdrawn", id: "ask-1", by: ada, at: 6 },
  { type: "executed", id: "ask-1", at: 7, outcome: { is: "done" } },
  { type: "executed", id: "ask-1", at: 7, outcome: { is: "refused", why: "The run is over." } },
];
const part: TargetsPart = { type: "targets", id: "ask-1", part: 0, targets: [["trip-1"], ["trip-2", "j2"]] };

const seals = (byte: number, namespace = "public/default") =>
  new RecordKeys(
    recordKeysFile.parse({
      keys: [{ id: "k1", secret: Buffer.alloc(32, byte).toString("base64"), signs: true }],
    }),
  ).sealsOf(namespace);

describe("What is said of an approval", () => {
  test.each(words)("comes out of the log as it went in: $type", (word) => {
    expect(parseApprovalMessage(encodeApprovalMessage(word))).toStrictEqual(word);
    expect(parseApprovalMessage(encodeApprovalMessage(word, seals(1)), seals(1))).toStrictEqual(word);
  });

  test("has an id, and no more targets than a bulk action may have", () => {
    const read = (word: object) => parseApprovalMessage(encodeApprovalMessage(word as ApprovalWord));
    const most = 1_000 * mostTargetsInPart;
    const of = (targets: object) => ({ ...requested, targets: { ...requested.targets, ...targets } });
    for (const fine of [
      { ...requested, id: "x".repeat(100) },
      of({ count: 1 }),
      of({ count: most, parts: 1_000 }),
    ])
      expect(read(fine)).toBeDefined();
    for (const id of ["", "x".repeat(101)]) expect(read({ ...requested, id }), id).toBeUndefined();
    const rejected = { type: "rejected", id: "ask-1", by: ada, at: 6 };
    expect(read({ ...rejected, reason: "x".repeat(1_000) })).toBeDefined();
    expect(read({ ...rejected, reason: "x".repeat(1_001) })).toBeUndefined();
    for (const odd of [{ count: 0 }, { count: 1.5 }, { count: most + 1 }, { parts: 0 }, { parts: 1_001 }])
      expect(read(of(odd)), JSON.stringify(odd)).toBeUndefined();
  });

  test("is nobody's where another key, another namespace or none sealed it, or it was changed", () => {
    for (const word of words) {
      const sealed = Buffer.from(encodeApprovalMessage(word, seals(1)));
      expect(parseApprovalMessage(encodeApprovalMessage(word), seals(1))).toBeUndefined();
      expect(parseApprovalMessage(sealed, seals(2))).toBeUndefined();
      expect(parseApprovalMessage(sealed, seals(1, "public/other"))).toBeUndefined();
      const changed = Buffer.from(sealed.toString().replace('"ask-1"', '"ask-2"'));
      expect(parseApprovalMessage(changed, seals(1))).toBeUndefined();
    }
  });

  test("has targets in parts that count by their digest alone", () => {
    expect(parseApprovalMessage(encodeApprovalMessage(part, seals(1)), seals(1))).toStrictEqual(part);
    const [first, second] = part.targets;
    if (first === undefined || second === undefined) throw new Error("two targets are needed");
    expect(targetsDigest([[first], [second]])).not.toBe(targetsDigest([[first, second]]));
    expect(targetsDigest([[second], [first]])).not.toBe(targetsDigest([[first], [second]]));
  });

  test("has parts with the digest of their list, and those of older servers without", () => {
    const withDigest = { ...part, sha: targetsDigest([part.targets]) };
    for (const one of [part, withDigest])
      expect(parseApprovalMessage(encodeApprovalMessage(one))).toStrictEqual(one);
  });

  test.each([
    ["no targets", { targets: [] }],
    ["more than a part may have", { targets: Array.from({ length: 401 }, () => ["trip-1"]) }],
    ["an id that is none", { targets: [[""]] }],
    ["an id of any length", { targets: [["x".repeat(201)]] }],
    ["a job that is none", { targets: [["trip-1", "x".repeat(1_000)]] }],
    ["a number that no list has", { part: 1_000 }],
  ])("is none where a part has %s", (_, more) => {
    expect(parseApprovalMessage(Buffer.from(JSON.stringify({ ...part, ...more })))).toBeUndefined();
  });

  test("is none where the bytes are something else", () => {
    for (const text of ["", "{}", "null", '{"word":{"type":"approved"}}', '{"type":"targets"}'])
      expect(parseApprovalMessage(Buffer.from(text))).toBeUndefined();
  });
});

test("the digest is of what is to be done, in whatever order its fields stand", () => {
  const { runId, type, action, commandId } = command;
  const turned = { action, runId, commandId, type } as const;
  const digest = requestDigest(requested);
  expect(requestDigest({ ...requested, command: turned })).toBe(digest);
  expect(requestDigest({ command })).not.toBe(digest);
  const text = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const withReason = (reason: string) => ({ command: { ...command, action: { ...action, reason } } });
      expect(requestDigest(withReason(one)) === requestDigest(withReason(other))).toBe(one === other);
    }),
  );
});

test("a seal of one use is none of another", () => {
  const seal = seals(1).seal("command", command);
  expect(seals(1).isSealed("command", command, seal)).toBe(true);
  expect(seals(1).isSealed("approval", command, seal)).toBe(false);
  expect(seals(1).isSealed("command", { ...command, runId: "trip-2" }, seal)).toBe(false);
  for (const odd of [undefined, "", "k1", "k1.", ".", "k2.AAAA", `${seal}AAAA`])
    expect(seals(1).isSealed("command", command, odd)).toBe(false);
});

test("what an engine lets nobody do alone is written and read alike", () => {
  fc.assert(
    fc.property(
      fc.record({ terminate: fc.boolean(), complete: fc.boolean(), bulk: fc.boolean() }),
      (rule) => {
        const text = engineRuleText(rule);
        if (text !== "") expect(secondPersonText.parse(text)).toEqual(rule);
      },
    ),
  );
  expect(secondPersonText.parse(" bulk , terminate ")).toEqual({
    terminate: true,
    complete: false,
    bulk: true,
  });
  expect(engineRuleText({ terminate: true, complete: false, bulk: true })).toBe("terminate,bulk");
  expect(engineRuleText({ terminate: false, complete: false, bulk: false })).toBe("");
  for (const wrong of ["", "all", "terminate,,bulk"])
    expect(secondPersonText.safeParse(wrong).success).toBe(false);
});
