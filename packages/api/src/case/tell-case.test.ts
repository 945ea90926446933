import { emptyFold, foldStep, summaryOfFold } from "@downbeat/read-model/rules";
import {
  by,
  eventsOf,
  everyEvent,
  RunDriver,
  randomRun,
  runView,
  schedule,
  undo,
} from "@downbeat/read-model/testing";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { CaseView } from "../views.ts";
import { mostCaseLines, type Told, tellCase } from "./tell-case.ts";
import { type CaseAudience, caseAudiences } from "./tell-event.ts";
import { type CaseLanguage, caseLanguages, Words } from "./words.ts";

type Telling = {
  language?: CaseLanguage;
  audience?: CaseAudience;
  maySeePayloads?: boolean;
  missing?: NonNullable<Told["run"]["missing"]>;
};

function told(
  { runId, steps }: Pick<RunDriver, "runId" | "steps">,
  { language = "en", audience = "colleague", maySeePayloads = true, missing }: Telling = {},
): Omit<CaseView, "freshness"> {
  const fold = emptyFold(runId, 0);
  for (const step of steps) foldStep(fold, step);
  const history = { id: 1, fold, steps: [...steps], lastSeq: fold.seq };
  const run = runView(summaryOfFold(fold, fold.updatedAt), history, undefined);
  return tellCase({
    run: missing === undefined ? run : { ...run, missing },
    events: eventsOf(history, { afterSeq: 0, limit: Number.MAX_SAFE_INTEGER }).events,
    words: new Words(language, "UTC"),
    audience,
    maySeePayloads,
  });
}

const choices = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 });

test("whatever happened is told whole, in each language and to whom it may concern", () => {
  fc.assert(
    fc.property(choices, (drawn) => {
      const run = randomRun("r", 1_000, drawn);
      for (const language of caseLanguages) {
        for (const audience of caseAudiences) {
          for (const maySeePayloads of [true, false]) {
            const { text, lines, summary } = told(run, { language, audience, maySeePayloads });
            expect(text).not.toMatch(/undefined|NaN|\[object|{\w+}|“”|„“|Invalid/);
            for (const line of [summary, ...lines.map((each) => each.text)]) expect(line).toMatch(/[.!?…]$/);
            expect(lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq).sort((a, b) => a - b));
            if (audience === "customer")
              expect(text).not.toMatch(
                /\bada\b|grace|reason \d|failure \d|Error|NoRoom|no room|bug|price|worker/,
              );
            if (!maySeePayloads) expect(text).not.toMatch(/Result|With it|Ergebnis:|Dazu kam/);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});

test("the languages tell the same events", () => {
  fc.assert(
    fc.property(choices, (drawn) => {
      const run = randomRun("r", 1_000, drawn);
      for (const audience of caseAudiences) {
        const [one, other] = [told(run, { audience }), told(run, { audience, language: "de" })];
        expect(other.lines.map(({ seq }) => seq)).toEqual(one.lines.map(({ seq }) => seq));
      }
    }),
    { numRuns: 80 },
  );
});

test("every kind of event that concerns people has a sentence", () => {
  const silent = new Set<string>();
  const said = new Set<string>();
  for (const run of everyEvent()) {
    const seqs = new Set(told(run).lines.map(({ seq }) => seq));
    for (const { seq, events } of run.steps)
      events.forEach(({ type }, index) => void (seqs.has(seq + index) ? said : silent).add(type));
  }
  expect([...silent].filter((type) => !said.has(type)).sort()).toEqual([
    "AttemptHeartbeat",
    "AttemptRequested",
    "AttemptStarted",
    "CompensationRegistered",
    "JobAbandoned",
    "SignalDelivered",
    "SignalWaitAbandoned",
    "VersionRecorded",
  ]);
});

const trip = () =>
  new RunDriver("trip-7", Date.UTC(2026, 10, 2, 9))
    .do(
      {
        type: "StartRun",
        workflow: "bookTrip",
        input: "{}",
        labels: { order: "4711" },
        startedBy: "shop",
      },
      schedule("j1", "processPayment", {}),
    )
    .wait(2_000)
    .complete("j1", { receiptId: "r-7", card: { number: "4111" } }, undo("c1", "refundPayment", "j1"), {
      type: "AwaitSignal",
      waitId: "w1",
      name: "approval",
    })
    .wait(60_000)
    .do(
      { type: "CancelRun", ...by("ada", "the customer called", "a1") },
      schedule("j2", "refundPayment", {}, { compensationId: "c1" }),
    )
    .wait(1_000)
    .complete("j2", null, { type: "FinishCancel" });

test("a colleague is told who did what, why, and with which result", () => {
  expect(told(trip()).text).toBe(
    [
      "Book trip (trip-7)",
      "order: 4711",
      "Cancelled November 2, 2026 at 9:01 AM, after 1 minute and 3 seconds. One step was undone.",
      "",
      "11/02/2026, 09:00:00  shop started “Book trip”.",
      "11/02/2026, 09:00:02  “Process payment” is done. Result: receiptId: r-7.",
      "11/02/2026, 09:00:02  “Approval” is waited for.",
      "11/02/2026, 09:01:02  ada cancelled it. What was done is being undone. Reason: the customer called.",
      "11/02/2026, 09:01:03  “Process payment” was undone: “Refund payment” is done.",
      "11/02/2026, 09:01:03  The cancellation is complete.",
      "",
      "6 technical events are left out.",
    ].join("\n"),
  );
});

test("a customer is told what happened, in German if that is asked for, and nothing of the house", () => {
  expect(told(trip(), { language: "de", audience: "customer" }).text).toBe(
    [
      "Book trip",
      "order: 4711",
      "Storniert 2. November 2026 um 09:01, nach 1 Minute und 3 Sekunden. Ein Schritt wurde rückgängig gemacht.",
      "",
      "02.11.2026, 09:00:00  „Book trip“ hat begonnen.",
      "02.11.2026, 09:00:02  „Process payment“ ist erledigt.",
      "02.11.2026, 09:00:02  Auf „Approval“ wird gewartet.",
      "02.11.2026, 09:01:02  Der Vorgang wurde storniert. Was getan war, wird rückgängig gemacht.",
      "02.11.2026, 09:01:03  „Process payment“ wurde rückgängig gemacht: „Refund payment“ ist erledigt.",
      "02.11.2026, 09:01:03  Die Stornierung ist abgeschlossen.",
    ].join("\n"),
  );
});

test("of a very long case the newest is told, and how much came before", () => {
  const run = new RunDriver("long", 1_000).do({ type: "StartRun", workflow: "w", input: "1" });
  for (let number = 0; number < mostCaseLines + 5; number++)
    run.do({ type: "SendSignal", signalId: `s${number}`, name: "tick", payload: "1" });
  using say = vi.spyOn(Words.prototype, "say");
  const { lines, notes } = told(run);
  expect(say.mock.calls.filter(([key]) => key === "signalCame")).toHaveLength(mostCaseLines);
  expect(lines).toHaveLength(mostCaseLines);
  expect(lines.at(-1)?.seq).toBe(mostCaseLines + 6);
  expect(notes).toContain("6 earlier events are left out.");
});

test("where no event can be had, that is said, and not that nothing is known", () => {
  const run = { runId: "gone", steps: [] };
  for (const audience of caseAudiences) {
    expect(told(run, { audience }).notes).toEqual(["Nothing is known of it yet."]);
    const missing = { count: 7, why: "The log has removed them." };
    expect(told(run, { audience, missing }).notes).toEqual(["The first events could not be found."]);
  }
});
