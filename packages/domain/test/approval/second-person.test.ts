import fc from "fast-check";
import { expect, test } from "vitest";
import { type SecondPersonRule, secondPersonWords, strictest, whyTwo } from "../../src/index.ts";

const nothing = { terminate: false, complete: false, expiresAfterMs: 1 };

test("without a rule everybody acts alone", () => {
  expect(whyTwo(undefined, { verb: "terminateRun", targets: 1_000_000 })).toBeUndefined();
  expect(whyTwo(nothing, { verb: "terminateRun", targets: 1_000_000 })).toBeUndefined();
});

test("a rule says what needs two, one or many", () => {
  const both = { ...nothing, terminate: true, complete: true };
  expect(whyTwo(both, { verb: "terminateRun" })).toBe("Terminating a run needs a second person here.");
  expect(whyTwo(both, { verb: "terminateRun", targets: 0 })).toBeDefined();
  expect(whyTwo(both, { verb: "completeJob" })).toBe(
    "Completing a job with a value needs a second person here.",
  );
  expect(whyTwo(both, { verb: "cancelRun", targets: 100_000 })).toBeUndefined();
});

test("the number is the most that one person may act on at once", () => {
  const rule = { ...nothing, bulkAbove: 1_000 };
  expect(whyTwo(rule, { verb: "retryJob", targets: 1_000 })).toBeUndefined();
  expect(whyTwo(rule, { verb: "retryJob", targets: 1_001 })).toBe(
    "Acting on more than 1,000 at once needs a second person here.",
  );
  expect(whyTwo(rule, { verb: "retryJob" })).toBeUndefined();
  expect(whyTwo({ ...rule, bulkAbove: 0 }, { verb: "retryJob", targets: 1 })).toBeDefined();
});

test("several rules for one place forbid what one of them forbids, and nothing else", () => {
  const rule: fc.Arbitrary<SecondPersonRule> = fc.record(
    {
      terminate: fc.boolean(),
      complete: fc.boolean(),
      bulkAbove: fc.nat(),
      expiresAfterMs: fc.nat(),
    },
    { requiredKeys: ["terminate", "complete", "expiresAfterMs"] },
  );
  const intent = fc.record(
    { verb: fc.constantFrom("terminateRun", "completeJob", "retryJob"), targets: fc.nat() },
    { requiredKeys: ["verb"] },
  );
  fc.assert(
    fc.property(fc.array(rule), intent, (rules, asked) => {
      const all = strictest(rules);
      const needsTwo = rules.some((each) => whyTwo(each, asked) !== undefined);
      expect(whyTwo(all, asked) !== undefined).toBe(needsTwo);
      for (const { expiresAfterMs } of rules) expect(all?.expiresAfterMs).toBeLessThanOrEqual(expiresAfterMs);
    }),
  );
  expect(strictest([])).toBeUndefined();
});

test("the rule is told in a sentence", () => {
  const rule = { terminate: true, complete: false, expiresAfterMs: 86_400_000 };
  expect(secondPersonWords(rule)).toMatch(/^Terminating runs needs a second person, within /);
  expect(secondPersonWords({ ...rule, complete: true, bulkAbove: 1_000 })).toMatch(
    /^Terminating runs, completing jobs with a value, and acting on more than 1,000 at once need a second/,
  );
});
