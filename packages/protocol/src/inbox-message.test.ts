import type { RunCommand } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeInboxMessage, InvalidCommand, parseInboxMessage } from "./inbox-message.ts";
import { encodeQuarantineMessage } from "./quarantine-message.ts";

const start = { type: "StartRun", commandId: "c1", runId: "r1", workflow: "w", input: "null" };

test("a command nested so deeply that it can't be written again goes to quarantine as the message it came in", () => {
  const text = `{"commands":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`;
  const { commands, malformed } = parseInboxMessage(Buffer.from(text));
  expect(commands).toEqual([]);
  expect(malformed).toEqual([{ reason: expect.any(String), text }]);
});

test("a malformed command leaves its neighbours alone", () => {
  const { commands, malformed } = parseInboxMessage(
    Buffer.from(JSON.stringify({ commands: [start, { type: "Explode" }, { ...start, runId: "r2" }] })),
  );
  expect(commands.map((command) => "runId" in command && command.runId)).toEqual(["r1", "r2"]);
  expect(malformed).toHaveLength(1);
});

test("the reason is a sentence of bounded length, however much is wrong", () => {
  const labels = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`label${index}`, index]));
  const text = JSON.stringify({ commands: [{ ...start, labels }] });
  const [malformed] = parseInboxMessage(Buffer.from(text)).malformed;
  expect(malformed?.reason.length).toBeLessThan(600);
  expect(malformed?.reason).toContain("labels");
  const quarantined = encodeQuarantineMessage({
    topic: "inbox-partition-0",
    position: "1:0",
    reason: "x".repeat(2_000_000),
    text,
    at: 1,
  });
  expect(quarantined.byteLength).toBeLessThan(200_000);
});

const action = { actionId: "a1", actor: "alice", reason: "because" };
const samples: readonly RunCommand[] = [
  { type: "StartRun", commandId: "c1", runId: "r1", workflow: "w", input: "null", labels: { order: "1" } },
  { type: "CancelRun", commandId: "c1", runId: "r1", action },
  {
    type: "SendSignal",
    commandId: "c1",
    runId: "r1",
    signalId: "s1",
    name: "n",
    payload: "1",
    actor: "alice",
  },
  { type: "RetryJob", commandId: "c1", runId: "r1", jobId: "j1", action, input: "{}" },
  { type: "FireTimer", commandId: "c1", runId: "r1", timerId: "t1", generation: 1 },
  {
    type: "CompleteAttempt",
    commandId: "c1",
    runId: "r1",
    jobId: "j1",
    attempt: 1,
    worker: "me",
    startedAt: 1,
    output: "1",
  },
];

test.each<[string, RunCommand, RegExp]>([
  [
    "no actor",
    { ...samples[1], action: { ...action, actor: "" } } as RunCommand,
    /^CancelRun can't be sent\. action\.actor: /,
  ],
  [
    "a slash in the run's id",
    { ...samples[0], runId: "a/b" } as RunCommand,
    /runId: no spaces, control characters or slashes/,
  ],
  [
    "too many labels",
    {
      ...samples[0],
      labels: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`l${n}`, ""])),
    } as RunCommand,
    /at most 20 labels/,
  ],
  [
    "too long a label",
    { ...samples[0], labels: { order: "x".repeat(201) } } as RunCommand,
    /labels\.order: /,
  ],
  [
    "too long a reason",
    { ...samples[1], action: { ...action, reason: "x".repeat(1_001) } } as RunCommand,
    /action\.reason: /,
  ],
  [
    "half a surrogate pair",
    { ...samples[1], action: { ...action, reason: "\ud800" } } as RunCommand,
    /action\.reason: it holds half of a surrogate pair/,
  ],
  ["a time that is no whole number", { ...samples[5], startedAt: 0.5 } as RunCommand, /startedAt: /],
])("a command with %s is not sent, and the sentence says why", (_, command, sentence) => {
  expect(() => encodeInboxMessage([command])).toThrow(InvalidCommand);
  expect(() => encodeInboxMessage([command])).toThrow(sentence);
});

test("what is sent is what the engine reads, whatever is put into a command", () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.constant("漢".repeat(131_000)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat(), odd, (sample, at, value) => {
      const names = Object.keys(sample);
      const command = { ...sample, [names[at % names.length] ?? ""]: value } as RunCommand;
      let bytes: Uint8Array;
      try {
        bytes = encodeInboxMessage([command, sample]);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidCommand);
        expect((error as Error).message.length).toBeLessThan(1_000);
        return;
      }
      const { commands, malformed } = parseInboxMessage(bytes);
      expect(malformed).toEqual([]);
      expect(commands).toEqual([JSON.parse(JSON.stringify(command)), sample]);
    }),
    { numRuns: 200 },
  );
});

test("a tick goes beside commands and has nothing else in it", () => {
  const bytes = encodeInboxMessage([{ type: "Tick" }, ...samples.slice(0, 1)]);
  expect(parseInboxMessage(bytes)).toEqual({ commands: [{ type: "Tick" }, samples[0]], malformed: [] });
  const more = parseInboxMessage(Buffer.from('{"commands":[{"type":"Tick","partition":7}]}'));
  expect(more).toEqual({ commands: [{ type: "Tick" }], malformed: [] });
});

test.each([[null], ["Tick"], [7], [{}], [{ type: "Tock" }], [["Tick"]], [{ tick: "Tick" }]])(
  "%j is no command, and is kept as it came",
  (candidate) => {
    const { commands, malformed } = parseInboxMessage(Buffer.from(JSON.stringify({ commands: [candidate] })));
    expect(commands).toEqual([]);
    expect(malformed).toEqual([{ reason: expect.any(String), text: JSON.stringify(candidate) }]);
  },
);

test.each([
  "",
  "x",
  "null",
  "{}",
  '{"commands":[]}',
  '{"commands":1}',
  `{"commands":[${"1,".repeat(10_000)}1]}`,
])("what holds no commands, or too many, is kept as it came: %#", (text) => {
  expect(parseInboxMessage(Buffer.from(text))).toEqual({
    commands: [],
    malformed: [{ reason: expect.any(String), text }],
  });
});

test("a command with fields that nobody knows is one without them", () => {
  const text = JSON.stringify({ commands: [{ ...start, colour: "red" }] });
  expect(parseInboxMessage(Buffer.from(text)).commands).toEqual([start]);
});

describe("half of a surrogate pair", () => {
  const half = "\ud800";

  test.each([
    ["labels.city", { ...start, labels: { city: half } }],
    ["labels.a name", { ...start, labels: { [half]: "Bern" } }],
    ["startedBy", { ...start, startedBy: half }],
    ["startedBy", { ...start, labels: { city: "Bern" }, startedBy: half }],
  ])("can't be sent in %s, which is said", (where, command) => {
    expect(() => encodeInboxMessage([command as RunCommand])).toThrow(
      `StartRun can't be sent. ${where}: it holds half of a surrogate pair.`,
    );
  });

  test("is carried where it is a value's own, in the value's JSON", () => {
    const own = JSON.stringify(half);
    const attempt = {
      commandId: "c",
      runId: "r1",
      jobId: "j1",
      attempt: 1,
      worker: "w",
      startedAt: 1,
    } as const;
    const commands: RunCommand[] = [
      { ...start, type: "StartRun", input: own },
      { type: "CompleteAttempt", ...attempt, output: own },
      { type: "HeartbeatAttempt", ...attempt, details: own },
      { type: "SendSignal", commandId: "c", runId: "r1", signalId: "s", name: "n", payload: own },
    ];
    // As the letters u and d in them, or whole pairs, are no halves.
    for (const text of [own, '"\\\\ud"', '"\u{1f3d4}"'])
      expect(
        parseInboxMessage(encodeInboxMessage([{ ...start, type: "StartRun", input: text }])).malformed,
      ).toEqual([]);
    expect(parseInboxMessage(encodeInboxMessage(commands))).toEqual({ commands, malformed: [] });
    // JSON text that holds it as it is.
    const raw = commands.map((command) =>
      Object.fromEntries(
        Object.entries(command).map(([field, value]) => [field, value === own ? `"${half}"` : value]),
      ),
    ) as unknown as RunCommand[];
    expect(parseInboxMessage(encodeInboxMessage(raw))).toEqual({ commands: raw, malformed: [] });
  });
});

test("a refusal to send is an error of its own name", () => {
  const asked = { type: "Explode" } as unknown as RunCommand;
  expect(() => encodeInboxMessage([asked])).toThrow(
    expect.objectContaining({
      name: "InvalidCommand",
      message: expect.stringMatching(/^The command can't be sent\. /),
    }),
  );
});
