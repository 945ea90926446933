import { openTimer } from "@downbeat/domain";
import type { DecisionSession } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyWorkflow, job, type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const pay = job("pay");
const book = job("book");
const refund = job<string>("refund");
const unbook = job<string>("unbook", { retry: { maxAttempts: 2 } });

const trip = async (run: Run) => {
  await run.job(pay);
  run.compensate(refund, "12 euros");
  await run.job(book);
  run.compensate(unbook, "seat 1");
  await run.sleep("1 day");
  return "arrived";
};

/** Engines that have this code now. */
class Code {
  session: DecisionSession;

  constructor(...workflows: AnyWorkflow[]) {
    this.session = inProcessDecisions(workflows).openSession();
  }

  becomes(...workflows: AnyWorkflow[]): void {
    this.session = inProcessDecisions(workflows).openSession();
  }

  drive(): DrivenRun {
    return new DrivenRun("trip", () => this.session);
  }
}

async function booked(): Promise<{ code: Code; run: DrivenRun }> {
  const code = new Code(workflow("trip", trip));
  const run = code.drive();
  await run.start();
  await run.complete("j1");
  await run.complete("j2");
  return { code, run };
}

function undone(run: DrivenRun): unknown[] {
  return run.history.flatMap(({ event }) =>
    event.type === "JobScheduled" && event.compensationId !== undefined ? [[event.jobType, event.input]] : [],
  );
}

async function finish(run: DrivenRun): Promise<void> {
  while (run.state?.status === "running") {
    const [jobId] = Object.keys(run.openJobs);
    if (jobId === undefined) throw new Error(`The run waits: ${JSON.stringify(run.last)}`);
    await run.complete(jobId);
  }
}

const inReverse = [
  ["unbook", '"seat 1"'],
  ["refund", '"12 euros"'],
];

describe("a run that is cancelled without its code", () => {
  test("because it is gone is undone from its history, and says why", async () => {
    const { code, run } = await booked();
    code.becomes();
    await run.cancel();
    expect(run.eventTypes).not.toContain("RunStuck");
    await finish(run);
    expect(undone(run)).toEqual(inReverse);
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { name: "UnknownWorkflow" } });
  });

  test("because it was changed is undone from its history, with the options that were registered", async () => {
    const { code, run } = await booked();
    code.becomes(workflow("trip", async (run) => run.sleep(1)));
    await run.cancel();
    expect(run.openJobs.j3?.options).toEqual({ retry: { maxAttempts: 2 } });
    await finish(run);
    expect(undone(run)).toEqual(inReverse);
    expect(run.last).toMatchObject({ type: "RunCancelled", failure: { name: "NonDeterminism" } });
  });

  test("though it was stuck before, and the old code comes back in the middle: what was begun is finished", async () => {
    const { code, run } = await booked();
    code.becomes();
    if (openTimer(run.open, "t1") !== undefined) await run.fire("t1");
    expect(run.last).toMatchObject({ type: "RunStuck" });
    await run.cancel();
    code.becomes(workflow("trip", trip));
    await finish(run);
    expect(undone(run)).toEqual(inReverse);
    expect(run.state?.status).toBe("cancelled");
  });

  test("waits for what is under way, and names it where nobody registered its undo", async () => {
    const code = new Code(workflow("trip", trip));
    const run = code.drive();
    await run.start();
    await run.complete("j1");
    code.becomes();
    await run.cancel();
    expect(undone(run)).toEqual([]);
    await run.complete("j2");
    await finish(run);
    expect(undone(run)).toEqual([["refund", '"12 euros"']]);
    expect(run.last).toMatchObject({ failure: { message: expect.stringContaining("by hand: book (j2)") } });
  });

  test("is undone too where it was failing already and got stuck in that", async () => {
    const code = new Code(workflow("trip", trip));
    const run = code.drive();
    await run.start();
    await run.complete("j1");
    await run.reject("j2", "Full");
    code.becomes();
    await run.complete("j3");
    expect(run.last).toMatchObject({ type: "RunStuck" });
    await run.cancel();
    await finish(run);
    expect(undone(run)).toEqual([["refund", '"12 euros"']]);
    expect(run.state?.status).toBe("cancelled");
  });

  test("comes to what it would have come to with its code, wherever that goes missing after the cancel", async () => {
    const undos = [refund, unbook];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 6 }), fc.nat(8), async (kinds, goneAfter) => {
        const plan = async (run: Run) => {
          for (const [index, kind] of kinds.entries()) {
            await run.job(pay);
            for (let n = 0; n < kind; n++) run.compensate(undos[n % 2] ?? refund, `${index}/${n}`);
          }
          await run.signal("never");
        };
        const play = async (isKept: boolean) => {
          const code = new Code(workflow("trip", plan));
          const run = code.drive();
          await run.start();
          for (const [index] of kinds.entries()) await run.complete(`j${index + 1}`);
          if (!isKept && goneAfter === 0) code.becomes();
          await run.cancel();
          for (let step = 1; run.state?.status === "running"; step++) {
            if (!isKept && step >= goneAfter) code.becomes();
            const [jobId] = Object.keys(run.openJobs);
            await run.complete(jobId ?? "none");
          }
          expect(run.state?.status).toBe("cancelled");
          return undone(run);
        };
        expect(await play(false)).toEqual(await play(true));
      }),
      { numRuns: 60 },
    );
  });
});
