import fc from "fast-check";
import type { CodeHome } from "./code-home.ts";
import { type OddName, oddNames } from "./odd-values.ts";
import { type Act, type Call, deadly, type Program, type Step } from "./program.ts";
import { shared, ways } from "./replace-shared.ts";

const any = fc.constantFrom(...oddNames);
const numbers = fc.constantFrom<OddName[]>(
  ...(["zero", "minusZero", "one", "five", "twenty", "half", "seventh", "minusOne", "NaN"] as const),
  ...(["infinity", "epsilon", "maxSafe", "beyondSafe", "maxValue", "century", "int32"] as const),
);
const few = fc.constantFrom<OddName[]>("zero", "one", "five", "twenty", "half", "millisecondText");
/** Nobody waits so long: somebody steers it, or ends the run. */
const long = fc.constantFrom<OddName[]>("century", "int32");
const times = fc.oneof(
  { weight: 6, arbitrary: few },
  { weight: 2, arbitrary: numbers },
  { weight: 4, arbitrary: long },
  any,
);
const texts = fc.constantFrom<OddName[]>(
  ...(["empty", "space", "name", "text", "cjk", "emoji", "surrogate", "controls", "quotes", "html"] as const),
  ...(["proto", "constructorName", "toStringName", "path", "long200", "long1000", "long60k"] as const),
);
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constant<OddName>("name") },
  { weight: 3, arbitrary: texts },
  any,
);

const act: fc.Arbitrary<Act> = fc.record({
  how: fc.constantFrom("return", "throw", "heartbeat", "hang", "failTwice"),
  value: fc.oneof(
    { weight: 4, arbitrary: any },
    fc.constantFrom<OddName[]>("business", "oddBusiness", "nonRetryable"),
  ),
});

const options = fc.dictionary(
  fc.constantFrom(
    ...["maxAttempts", "initialIntervalMs", "coefficient", "maxIntervalMs", "jitter", "nonRetryable"],
    ...["whenExhausted", "scheduleToStartMs", "startToCloseMs", "heartbeatMs", "unknown"],
  ),
  fc.oneof(numbers, fc.constant<OddName>("fail"), any),
  { maxKeys: 2 },
);

const methods = ["job", "compensate", "sleep", "sleepUntil", "signal", "now", "random", "uuid", "setLabels"];

const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 4, depthIdentifier: "steps" }),
  step: fc.oneof(
    { maxDepth: 2, depthIdentifier: "steps" },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("job" as const),
        act,
        input: any,
        options: fc.oneof(fc.constant({}), fc.constant({ whenExhausted: "fail" as const }), options),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("sleep", "sleepUntil"), time: times }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("signal" as const), name: names, timeout: times }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constantFrom("throw", "return", "labels", "stray", "await"),
        value: any,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("compensate" as const), act, input: any }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("spin" as const), ms: fc.nat(8) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("insist" as const),
        on: fc.constantFrom("job", "sleep", "signal"),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom("jobs", "waits"),
        count: fc.constantFrom(1, 2, 30, 300, 700),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("define" as const), name: names, settings: any }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("misuse" as const),
        method: fc.constantFrom(...methods),
        arguments: fc.array(any, { maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("together" as const),
        how: fc.constantFrom("all", "race", "any", "allSettled"),
        branches: fc.array(tie("steps"), { maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("try" as const), body: tie("steps"), caught: tie("steps") }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("repeat" as const), times: fc.nat(5), body: tie("steps") }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("chance" as const), body: tie("steps") }) },
  ),
}));

/** It waits first, so that there is something to steer when the calls come. */
const waiting = fc.oneof(
  fc.record({ do: fc.constantFrom("sleep" as const), time: long }),
  fc.record({ do: fc.constant("signal" as const), name: fc.constant<OddName>("name"), timeout: long }),
);
const waitingFirst = fc.tuple(waiting, steps).map(([wait, rest]): Step[] => [wait, ...rest]);

/** A rejected promise that the caller makes is the caller's own. */
const sendable = any.filter((name) => !name.startsWith("rejected"));
const verbs = [
  ...["signal", "cancel", "terminate", "resume", "retryJob", "cancelJob", "completeJob", "runJobNow"],
  ...["fireTimers", "fireTimers", "postponeTimers", "postponeTimers", "cancelTimers", "timers"],
  ...["start", "startAgain", "read", "result", "makeClient", "makeWorker"],
  ...[
    "events",
    "overview",
    "outcome",
    "attention",
    "markCause",
    "cause",
    "saveQuery",
    "deleteQuery",
    "lookup",
    "openJobs",
  ],
];
const call: fc.Arbitrary<Call> = fc.record({
  by: fc.constantFrom("client", "api"),
  verb: fc.constantFrom(...verbs),
  values: fc.array(
    fc.oneof(sendable, texts, fc.constantFrom<OddName[]>("name", "jobId", "text", "ordinary")),
    {
      minLength: 3,
      maxLength: 3,
    },
  ),
});

/** Few: each costs the others in its thread a replay. */
const deadlyOnes = fc
  .tuple(
    steps,
    fc.oneof(
      fc.record({ do: fc.constantFrom(...deadly) }),
      fc.record({
        do: fc.constant("replace" as const),
        what: fc.constantFrom(...shared),
        way: fc.constantFrom(...ways),
      }),
    ),
  )
  .map(([before, end]): Step[] => [...before, end]);

/**
 * Programs of a name each; what else is in them is drawn.
 *
 * @param home in threads and workers some end those
 */
export function programs(runId: string, home: CodeHome = "engine"): fc.Arbitrary<Program> {
  return fc.record({
    runId: fc
      .constantFrom("", "", "", "-漢字", "-🚀", "-__proto__", `-${"n".repeat(170)}`)
      .map((end) => runId + end),
    labels: fc.option(sendable, { nil: undefined, freq: 4 }),
    steps:
      home === "engine"
        ? fc.oneof({ weight: 3, arbitrary: steps }, waitingFirst)
        : fc.oneof({ weight: 6, arbitrary: steps }, { weight: 2, arbitrary: waitingFirst }, deadlyOnes),
    calls: fc.array(call, { maxLength: 4 }),
  });
}

/** The program of this number in a series. The same forever, whatever others are played. */
export function programOf(seed: number, number: number, home: CodeHome = "engine"): Program {
  const drawn = programs(`fuzz-${seed}-${number}`, home);
  const [program] = fc.sample(drawn, { seed: seedOf(seed, number), numRuns: 1 });
  if (program === undefined) throw new Error("Nothing was drawn.");
  return program;
}

/** What fast-check begins with. */
export function seedOf(seed: number, number: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0;
}
