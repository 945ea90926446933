import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Failure, RunEvent } from "../../src/index.ts";
import { type AskingRun, isBuildGone } from "../../src/run/builds.ts";
import { action, started } from "../samples.ts";
import { type Asked, given, runId, type Scenario, t0 } from "../scenario.ts";

const fired: RunEvent = { type: "TimerFired", timerId: "t1", generation: 1 };
const tenMinutes = 600_000;

function invalid(build: string): Failure {
  return { kind: "invalid", name: "InvalidInput", message: `${build} takes no euros.` };
}

/** A run whose question is out, with workers of these builds there. */
function asking(...builds: string[]): Scenario {
  return given({ ...started, codeIn: "workers" } as RunEvent)
    .asked()
    .hostedBy(...builds);
}

function answered(now: Scenario, rest: object): Scenario {
  const event = { type: "CodeAnswered", upTo: Number(now.question?.upTo), answerId: "a", ...rest };
  return now.and(event as RunEvent);
}

/** The next question of a run that this build decided. */
function decidedBy(build: string, rest: object, ...builds: string[]): Scenario {
  return answered(asking(...builds), { build, ...rest })
    .and(fired)
    .asked();
}

interface Said {
  readonly message?: string;
  readonly failure?: Failure;
  readonly signalId?: string;
}

function declining(now: Scenario, build: string | undefined, said: Said = {}) {
  const { upTo, attempt } = now.question ?? expect.fail("Nothing is asked.");
  const rest = { ...(build !== undefined && { build }), ...said };
  return {
    answer: now.when({ type: "AskAgain", upTo, attempt, because: "notMine", ...rest } as Asked),
    again: { type: "CodeAskedAgain", attempt: attempt + 1, because: "notMine", ...rest },
  };
}

/** The build says that it can't answer; with what its question goes on. */
function declined(now: Scenario, build: string | undefined, then: object, said: Said = {}): Scenario {
  const { answer, again } = declining(now, build, said);
  return answer.brings({ ...again, ...then } as RunEvent);
}

function getsStuck(now: Scenario, build: string | undefined, failure: object, said: Said = {}): void {
  declining(now, build, said).answer.brings({ type: "RunStuck", failure } as RunEvent);
}

const notMine = (message: string) => ({ kind: "nonDeterminism", name: "NonDeterminism", message });

describe("When the code of a build does not fit", () => {
  it("another that is there is asked at once, and of all that happened", () => {
    const after = declined(asking("one", "two"), "one", { next: "two" }, { message: "No." });
    expect(after.question).toStrictEqual({
      type: "AskCode",
      runId,
      workflow: "order",
      upTo: 1,
      attempt: 2,
      build: "two",
      turn: 1,
    });
    const third = declined(decidedBy("three", {}, "one", "three"), "one", { next: "three" });
    expect(third.question).toMatchObject({ build: "three", upTo: 3 });
    expect(third.question).not.toHaveProperty("continues");
    expect(third.question).not.toHaveProperty("notBefore");
  });

  it("the one that decided last is asked before others, if it is there and has not said so", () => {
    declined(decidedBy("three", {}, "one", "two", "three"), "one", { next: "three" });
    declined(decidedBy("three", {}, "one", "two"), "one", { next: "two" });
    const both = declined(decidedBy("three", {}, "one", "two", "three"), "three", { next: "one" });
    declined(both, "one", { next: "two" });
  });

  it("none is asked twice, nor one without a name by its name", () => {
    const two = declined(asking("one", "", "two"), "one", { next: "two" });
    const all = declined(two, "two", {});
    expect(all.question).not.toHaveProperty("build");
    expect(all.question).toMatchObject({ turn: 2 });
    declined(declined(asking("", "two"), undefined, { next: "two" }), "two", {});
    declined(declined(asking("", "two"), "", { next: "two" }), "two", {});
  });

  it("and none is left, all are asked again after a while, which grows to a minute", () => {
    let now = asking("one");
    const waits: number[] = [];
    for (let count = 0; count < 10; count++) {
      now = declined(now, "one", {});
      waits.push((Number(now.question?.notBefore) - t0) / 1_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    expect(now.question).toMatchObject({ turn: 10 });
  });

  it("and none is left for ten minutes, the run waits for a person, and says who was asked", () => {
    const one = declined(asking("one", "two", "three"), "one", { next: "two" });
    const all = declined(declined(one, "two", { next: "three" }), "three", {});
    declined(all.after(tenMinutes - 1), "three", {}, { message: "No." });
    const late = all.after(tenMinutes);
    const asked = "It was asked for 10 minutes of all that are there.";
    getsStuck(late, "three", notMine(`No. Neither could builds one, two. ${asked}`), { message: "No." });
    const first = declined(asking("one"), "one", {}).after(tenMinutes);
    getsStuck(first, "one", notMine(`No worker's code of order fits the run's history. ${asked}`));
    getsStuck(
      declined(asking("two"), undefined, { next: "two" }).hostedBy().after(tenMinutes),
      undefined,
      notMine(
        "No worker's code of order fits the run's history. It was asked for 10 minutes of whoever was there.",
      ),
    );
    // However often it said so.
    const stray = declined(declined(asking("one", "two"), "one", { next: "two" }), "one", { next: "two" });
    const oneOther = declined(stray, "two", {});
    getsStuck(oneOther.after(tenMinutes), "two", notMine(`No. Neither could build one. ${asked}`), {
      message: "No.",
    });
  });

  it("one that comes after ten minutes is asked all the same", () => {
    const none = declined(asking("one"), "one", {}).after(tenMinutes).hostedBy("one", "two");
    // It said so before: who knows whether the question reaches the one that it is for.
    declining(none, "one").answer.brings({ type: "RunStuck", failure: expect.anything() } as RunEvent);
    const nameless = declined(asking("two"), undefined, { next: "two" }).after(tenMinutes);
    getsStuck(nameless, undefined, expect.anything());
    // And one that has said so just now leaves nobody.
    getsStuck(declined(asking("one"), "one", {}).after(tenMinutes), "two", expect.anything());
    const fresh = declined(asking("one", "two"), "one", { next: "two" }).after(tenMinutes);
    declined(fresh.hostedBy("one", "two", "three"), "two", { next: "three" });
  });

  it("and it is asked once more by mistake, the other one is asked after a while, not round and round", () => {
    const one = declined(asking("one", "two"), "one", { next: "two" });
    const stray = declined(one, "one", { next: "two" });
    expect(stray.question).toMatchObject({ build: "two", notBefore: t0 + 250 * 2 ** 3 });
  });

  it("a run that is being cancelled is undone without it", () => {
    const cancelling = given({ ...started, codeIn: "workers" } as RunEvent, {
      type: "RunCancelRequested",
      action: action(),
    })
      .asked()
      .hostedBy("one");
    const late = declined(cancelling, "one", {}).after(tenMinutes);
    declining(late, "one").answer.brings({ type: "CodeGivenUp", failure: expect.anything() } as RunEvent);
  });

  it("what it said is kept while the question is put again for another reason, and forgotten with the answer", () => {
    const one = declined(asking("one", "two", "three"), "one", { next: "two" });
    const silent = one.and({ type: "CodeAskedAgain", attempt: 3, because: "noAnswer" });
    expect(silent.question).toMatchObject({ build: "two", attempt: 3 });
    declined(silent, "two", { next: "three" });
    const next = answered(one, { build: "two" }).and(fired).asked();
    declined(next, "two", { next: "one" });
  });
});

describe("The build that is asked", () => {
  it("is any, as long as none has said that it can't answer", () => {
    expect(decidedBy("one", {}).question).not.toHaveProperty("build");
  });

  it("is the one that answered, once another one could not", () => {
    const after = answered(declined(asking("one", "two"), "one", { next: "two" }), { build: "two" });
    expect(after.and(fired).asked().question).toMatchObject({ build: "two", turn: 1 });
    const other = answered(declined(asking("one", "two"), "one", { next: "two" }), { build: "three" });
    expect(other.and(fired).asked().question).toMatchObject({ build: "three" });
    const nameless = answered(declined(asking("one", "two"), "one", { next: "two" }), {});
    expect(nameless.and(fired).asked().question).toMatchObject({ build: "two" });
  });

  it("is that of a pinned run from its first answer on", () => {
    const pinned = decidedBy("one", { versioning: "pinned" });
    expect(pinned.question).toMatchObject({ build: "one", isPinned: true });
    const other = answered(pinned, { build: "two" }).and(fired).asked();
    expect(other.question).toMatchObject({ build: "two", isPinned: true });
    const later = answered(pinned, { build: "one" }).and(fired).asked();
    expect(later.question).toMatchObject({ build: "one", isPinned: true });
    expect(decidedBy("one", {}).question).not.toHaveProperty("isPinned");
  });

  it("is said once in history, and only where it has a name", () => {
    const answer = { type: "AnswerQuestion", upTo: 1, answerId: "a", decisions: [] } as const;
    const recorded = { type: "CodeAnswered", upTo: 1, answerId: "a" } as const;
    const pinned = { versioning: "pinned" } as const;
    const after = asking()
      .when({ ...answer, ...pinned, build: "one" } as Asked)
      .brings({ ...recorded, ...pinned, build: "one" } as RunEvent)
      .and(fired)
      .asked();
    after
      .when({ ...answer, ...pinned, build: "one", upTo: 3 } as Asked)
      .brings({ ...recorded, build: "one", upTo: 3 } as RunEvent);
    const nameless = asking()
      .when({ ...answer, ...pinned } as Asked)
      .brings(recorded);
    expect(nameless.and(fired).asked().question).not.toHaveProperty("isPinned");
  });
});

describe("What a build does not take of what was recorded", () => {
  it("another that is there is asked for; where none is left, the run gets stuck at once by what the first said", () => {
    const failure = invalid("one");
    const one = declined(asking("one", "two"), "one", { next: "two" }, { failure });
    getsStuck(
      one,
      "two",
      {
        ...failure,
        message: "one takes no euros.\nIt was asked of build two too, which could not go on either.",
      },
      { failure: invalid("two") },
    );
    // Nor one whose code does not fit.
    getsStuck(one, "two", expect.objectContaining({ name: "InvalidInput" }));
    getsStuck(asking("one"), "one", failure, { failure });
  });

  it("is asked of others for a while where nobody knows who is there", () => {
    const unknown = given({ ...started, codeIn: "workers" } as RunEvent).asked();
    const failure = invalid("one");
    const after = declined(unknown, "one", {}, { failure });
    declined(after.after(tenMinutes - 1), "one", {}, { failure });
    getsStuck(after.after(tenMinutes), "one", failure, { failure });
  });

  it("is told with the names of up to five that were asked too", () => {
    const failure = invalid("b0");
    const tell = (...builds: string[]) => {
      let now = asking(...builds);
      for (const [index, build] of builds.slice(0, -1).entries())
        now = declined(now, build, { next: builds[index + 1] }, { failure });
      const { outcome } = declining(now, builds.at(-1), { failure }).answer;
      const [event] = outcome.type === "accepted" ? outcome.events : [];
      return event?.type === "RunStuck" ? event.failure.message.split("\n")[1] : undefined;
    };
    const builds = (count: number) => Array.from({ length: count }, (_, index) => `b${index}`);
    expect(tell(...builds(3))).toBe("It was asked of builds b1, b2 too, which could not go on either.");
    expect(tell(...builds(6))).toMatch("of builds b1, b2, b3, b4, b5 too,");
    expect(tell(...builds(8))).toMatch("of builds b1, b2, b3, b4, b5 and 2 more too,");
    const nameless = declined(asking("b0"), "b0", {}, {});
    getsStuck(
      nameless,
      undefined,
      expect.objectContaining({ message: expect.stringMatching(/without a name/) }),
      {
        failure,
      },
    );
  });
});

describe("A signal that a build does not take", () => {
  const said = (build: string) => ({ failure: invalid(build), signalId: "s1" });
  const passedOver = { untaken: "passedOver" } as const;

  it("goes to all others, and is passed over by the first when none takes it", () => {
    const one = declined(asking("one", "two"), "one", { next: "two" }, said("one"));
    expect(one.question).toMatchObject({ build: "two" });
    const all = declined(one, "two", { next: "one", ...passedOver }, said("two"));
    expect(all.question).toMatchObject({ build: "one", turn: 2 });
    expect(all.question).not.toHaveProperty("notBefore");
    const alone = declined(asking("one"), "one", { next: "one", ...passedOver }, said("one"));
    expect(alone.question).toMatchObject({ build: "one" });
  });

  it("is passed over by the first that lacks only the signal, and by nobody by name where it has none", () => {
    const one = declined(asking("one", "two"), "one", { next: "two" }, { failure: invalid("one") });
    declined(one, "two", { next: "two", ...passedOver }, said("two"));
    const nameless = declined(asking("two"), undefined, { next: "two" }, said("one"));
    const all = declined(nameless, "two", { ...passedOver }, said("two"));
    expect(all.question).not.toHaveProperty("build");
    expect(all.question).not.toHaveProperty("notBefore");
    declined(asking(""), undefined, { ...passedOver }, said("one"));
  });

  it("that is to be passed over is not declined again: the run gets stuck by it", () => {
    const passing = declined(asking("one"), "one", { next: "one", ...passedOver }, said("one"));
    getsStuck(passing, "one", invalid("one"), said("one"));
    const kept = passing.and({ type: "CodeAskedAgain", attempt: 3, because: "noAnswer" });
    getsStuck(kept, "one", invalid("one"), said("one"));
  });

  it("is left to who is to pass it over, whoever else says that its code does not fit", () => {
    const one = declined(asking("one", "two"), "one", { next: "two" }, said("one"));
    const passing = declined(one, "two", { next: "one", ...passedOver }, said("two"));
    declined(passing.hostedBy("one", "two", "three"), "three", { next: "one" });
    const gone = declined(passing.hostedBy("two", "three"), "three", {});
    expect(gone.question).not.toHaveProperty("build");
    const stray = declined(passing, "one", {});
    expect(stray.question).toHaveProperty("notBefore");
    getsStuck(stray.after(tenMinutes), "one", expect.objectContaining({ kind: "nonDeterminism" }));
  });

  it("is not passed over where nobody knows who is there, before ten minutes are over", () => {
    const unknown = given({ ...started, codeIn: "workers" } as RunEvent).asked();
    const after = declined(unknown, "one", {}, said("one"));
    declined(after.after(tenMinutes), "one", { next: "one", ...passedOver }, said("one"));
  });
});

describe("A run that is pinned to a build", () => {
  const pinned = (...builds: string[]) => decidedBy("one", { versioning: "pinned" }, ...builds);
  const gone = {
    kind: "code",
    name: "BuildGone",
    message:
      "The run is pinned to build one of order, and no worker of that build is there. Start one; or resume the run, and another build takes it over.",
  };

  it("is asked of no other, which it does not reach but by mistake", () => {
    const stray = declined(pinned("one", "two"), "two", { next: "one" });
    expect(stray.question).toMatchObject({ build: "one", isPinned: true, notBefore: t0 + 1_000 });
    declined(pinned("two"), "two", { next: "one" });
    const late = declined(pinned("two"), "two", { next: "one" }).after(tenMinutes);
    getsStuck(late, "two", gone);
  });

  it("gets stuck at once when its build can't go on", () => {
    getsStuck(
      pinned("one", "two"),
      "one",
      notMine("No worker's code of order fits the run's history. The run is pinned to this build."),
    );
    getsStuck(pinned("one", "two"), "one", invalid("one"), { failure: invalid("one") });
  });

  it("has its build pass over a signal that it does not take", () => {
    const said = { failure: invalid("one"), signalId: "s1" };
    const passing = declined(pinned("one", "two"), "one", { next: "one", untaken: "passedOver" }, said);
    expect(passing.question).toMatchObject({ build: "one", isPinned: true });
    getsStuck(passing, "one", invalid("one"), said);
  });

  it("waits for its build for a quarter of an hour", () => {
    const silences = (count: number) =>
      Array.from({ length: count }, (_, index): RunEvent => {
        return { type: "CodeAskedAgain", attempt: index + 2, because: "noAnswer" };
      });
    const silent = (now: Scenario, attempt: number) =>
      now
        .and(...silences(attempt - 1))
        .after(3_600_000)
        .when({
          type: "AskAgain",
          upTo: 3,
          attempt,
          because: "noAnswer",
        } as Asked);
    const again = (attempt: number): RunEvent => ({ type: "CodeAskedAgain", attempt, because: "noAnswer" });
    silent(pinned("two"), 1).brings(again(2));
    silent(pinned("two"), 4).brings(again(5));
    silent(pinned("two"), 5).brings({ type: "RunStuck", failure: gone } as RunEvent);
    silent(pinned(), 5).brings({ type: "RunStuck", failure: gone } as RunEvent);
    silent(pinned("one", "two"), 5).brings(again(6));
    // Nobody knows who is there.
    const unknown = answered(given({ ...started, codeIn: "workers" } as RunEvent).asked(), {
      build: "one",
      versioning: "pinned",
    });
    silent(unknown.and(fired).asked(), 5).brings(again(6));
    silent(decidedBy("one", {}, "two"), 5).brings(again(6));
    // It is asked of a build that isn't there, and not pinned to it.
    const particular = declined(decidedBy("one", {}, "two"), "one", { next: "two" }).hostedBy("one");
    silent(particular.and(again(3)), 5).brings(again(6));
  });

  it("is taken over by others when a person resumes it", () => {
    const resumed = pinned("two")
      .and({ type: "RunStuck", failure: gone as Failure }, { type: "RunResumed", action: action() })
      .asked();
    expect(resumed.question).toMatchObject({ build: "one" });
    expect(resumed.question).not.toHaveProperty("isPinned");
    const two = declined(resumed, "one", { next: "two" });
    const after = answered(two, { build: "two" }).and(fired).asked();
    expect(after.question).toMatchObject({ build: "two" });
    expect(after.question).not.toHaveProperty("isPinned");
    const asIs = answered(resumed, { build: "three" }).and(fired).asked();
    expect(asIs.question).toMatchObject({ build: "three" });
  });

  it("that is resumed as it was never pinned stays as it is", () => {
    const free = decidedBy("one", {}).and(
      { type: "RunStuck", failure: invalid("one") },
      { type: "RunResumed", action: action() },
    );
    const after = answered(free.asked(), { build: "two" }).and(fired).asked();
    expect(after.question).not.toHaveProperty("build");
  });
});

const name = fc.constantFrom("one", "two", "three", "four", "");

test("Whoever declines, each that is there is asked before anything is given up or passed over", () => {
  const step = fc.record({
    build: name,
    lacks: fc.constantFrom("nothing", "input", "signal"),
    there: fc.option(fc.uniqueArray(name), { nil: undefined, freq: 1 }),
    follows: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12, size: "max" }), (story) => {
      let now = asking("one", "two", "three");
      const said = new Set<string>();
      let wantsSignal = false;
      let passes = false;
      for (const { build: any, lacks, there, follows } of story) {
        const { question, builds } = now.hostedBy(...(there ?? now.builds ?? []));
        now = now.hostedBy(...(builds ?? []));
        // Mostly the one that is asked, if one is.
        const build = follows ? (question?.build ?? any) : any;
        if (lacks === "signal") wantsSignal = true;
        const { outcome } = declining(now, build, {
          ...(lacks !== "nothing" && { failure: invalid(build) }),
          ...(lacks === "signal" && { signalId: "s1" }),
        }).answer;
        said.add(build);
        if (outcome.type !== "accepted") throw new Error(outcome.type);
        const [event] = outcome.events;
        const left = builds?.filter((one) => one !== "" && !said.has(one)) ?? [];
        if (event?.type === "RunStuck") {
          if (!passes) expect(left).toEqual([]);
          return;
        }
        if (event?.type !== "CodeAskedAgain") throw new Error(event?.type);
        if (event.untaken === "passedOver") {
          expect({ left, wantsSignal, passes }).toEqual({ left: [], wantsSignal: true, passes: false });
          passes = true;
        } else if (!passes && event.next !== undefined) expect(left).toContain(event.next);
        else if (!passes) expect(left).toEqual([]);
        const turn = question?.turn ?? 0;
        now = now.and(event);
        expect(now.question?.build).toBe(event.next);
        expect(now.question?.turn).toBe(turn + 1);
      }
    }),
    { numRuns: 200 },
  );
});

test("a pinned run of which no build is known waits for anybody, and its build is never gone", () => {
  const nameless = {
    workflow: "order",
    delegated: { isPinned: true, asked: { upTo: 1, attempt: 9 } },
  } as unknown as AskingRun;
  expect(isBuildGone(nameless, 99, [])).toBe(false);
});
