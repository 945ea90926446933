import type { DecisionService } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { DrivenRun } from "./driven-run.ts";

/**
 * What every decision service does that hosts `thread-workflows.ts`, wherever the code runs.
 *
 * @param open a service that is closed after the test
 */
export function decisionServiceContract(name: string, open: () => DecisionService): void {
  describe(name, { timeout: 60_000 }, () => {
    test("leads runs from step to step to their ends, side by side", async () => {
      const session = open().openSession();
      const runs = Array.from({ length: 20 }, (_, index) => new DrivenRun("steps", session, `run-${index}`));
      await Promise.all(runs.map((run) => run.start(3)));
      for (const jobId of ["j1", "j2", "j3"])
        await Promise.all(runs.map((run, index) => run.complete(jobId, index)));
      expect(runs.map(({ last }) => last)).toEqual(
        runs.map((_, index) => ({ type: "RunCompleted", output: `${3 * index}` })),
      );
    });

    test("comes to the same answers in a session that knows nothing of the run", async () => {
      const service = open();
      const drive = async (sessions: () => ReturnType<DecisionService["openSession"]>) => {
        const run = new DrivenRun("booking", sessions);
        await run.start(500);
        await run.complete("j1", { receipt: "r" });
        await run.signal("approval", { yes: true });
        await run.fire("t1");
        return run;
      };
      const session = service.openSession();
      const [one, other] = [await drive(() => session), await drive(() => service.openSession())];
      expect(one.last).toEqual({ type: "RunCompleted", output: '{"receipt":"r"}' });
      expect(other.history).toEqual(one.history);
      expect(other.answers).toEqual(one.answers);
    });

    test("undoes what was done when the run fails or is cancelled", async () => {
      const session = open().openSession();
      const run = new DrivenRun("booking", session, "denied");
      await run.start(500);
      await run.complete("j1", { receipt: "r" });
      await run.signal("approval", { yes: false });
      await run.complete("j2");
      expect(run.last).toMatchObject({ type: "RunFailed", failure: { kind: "business", name: "Denied" } });
      const cancelled = new DrivenRun("booking", session, "cancelled");
      await cancelled.start(500);
      await cancelled.complete("j1", { receipt: "r" });
      await cancelled.cancel();
      await cancelled.complete("j2");
      expect(cancelled.last).toMatchObject({ type: "RunCancelled" });
    });

    test("says what the code could not take, and goes on", async () => {
      const run = new DrivenRun("booking", open().openSession());
      await run.start(500);
      await run.complete("j1", { receipt: "r" });
      await expect(run.signal("approval", { yes: "perhaps" })).rejects.toThrow(
        "The payload does not fit the signal approval.",
      );
      await run.signal("approval", { yes: true });
      expect(run.last).toMatchObject({ type: "TimerSet" });
    });

    test("checks the input of a start, and whether there is such a workflow", () => {
      const service = open();
      expect(service.checkStart("steps", "3")).toBeUndefined();
      expect(service.checkStart("steps", '"three"')).toMatchObject({ code: "InvalidInput" });
      expect(service.checkStart("stepz", "3")).toMatchObject({ code: "UnknownWorkflow" });
    });

    test("gets a run stuck whose workflow is not there, or whose code throws; it is resumed by replay", async () => {
      const session = open().openSession();
      const run = new DrivenRun("nowhere", session, "nowhere");
      await run.start();
      expect(run.last).toMatchObject({ type: "RunStuck", failure: { name: "UnknownWorkflow" } });
      const broken = new DrivenRun("throwsOnce", session, "broken");
      await broken.start();
      await broken.complete("j1", 1);
      expect(broken.last).toMatchObject({
        type: "RunStuck",
        failure: {
          kind: "code",
          name: "TypeError",
          message: expect.stringMatching(/^a bug\. .*a BusinessError would/),
        },
      });
      await broken.resume();
      expect(broken.last).toMatchObject({ type: "RunStuck", failure: { name: "TypeError" } });
    });

    test("keeps sessions apart that hope for different histories of one run", async () => {
      const service = open();
      const [one, other] = ["one", "other"].map(() => new DrivenRun("steps", service.openSession(), "r"));
      if (one === undefined || other === undefined) throw new Error("There are two.");
      await Promise.all([one.start(2), other.start(2)]);
      await Promise.all([one.complete("j1", 1), other.complete("j1", 10)]);
      await Promise.all([one.complete("j2", 2), other.complete("j2", 20)]);
      expect([one.last, other.last]).toEqual([
        { type: "RunCompleted", output: "3" },
        { type: "RunCompleted", output: "30" },
      ]);
    });

    test("asked about a run that it was to forget, replays it", async () => {
      const session = open().openSession();
      const run = new DrivenRun("steps", session);
      await run.start(2);
      session.forget(run.runId);
      await run.complete("j1", 1);
      session.forget(run.runId);
      await run.complete("j2", 2);
      expect(run.last).toEqual({ type: "RunCompleted", output: "3" });
    });
  });
}
