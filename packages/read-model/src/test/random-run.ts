import { openJobs, openTimers, type RunDecision } from "@downbeat/domain";
import { business, by, RunDriver, technical } from "./run-driver.ts";

/** Numbers that say what happens next; from fast-check, so that a failing history shrinks. */
export type Choices = readonly number[];

const jobTypes = ["processPayment", "bookFlight", "bookHotel"];

/** A history that the engine could have written: whatever the choices, each step is legal. */
export function randomRun(runId: string, startAt: number, choices: Choices): RunDriver {
  const run = new RunDriver(runId, startAt);
  const counters = { jobs: 0, timers: 0, waits: 0, compensations: 0, actions: 0, signals: 0 };

  const newDecisions = (choice: number): RunDecision[] => {
    switch (choice % 8) {
      case 0:
      case 1:
      case 2: {
        const jobId = `j${++counters.jobs}`;
        const options = {
          retry: { maxAttempts: 1 + (choice % 3) },
          whenExhausted: choice % 5 === 0 ? "fail" : "stuck",
          ...(choice % 2 === 0 && { scheduleToStartMs: 700 + (choice % 3) }),
          ...(choice % 3 === 0 && { heartbeatMs: 90 }),
          ...(choice % 4 === 0 && { startToCloseMs: 300 }),
        };
        return [
          {
            type: "ScheduleJob",
            jobId,
            jobType: jobTypes[choice % 3] ?? "",
            input: `{"n":${choice}}`,
            options,
          } as RunDecision,
          ...(choice > 7 && choice % 2 === 0 ? newDecisions(choice >> 3) : []),
        ];
      }
      case 3:
        return [{ type: "SetTimer", timerId: `t${++counters.timers}`, dueAt: run.now + (choice % 1_000) }];
      case 4: {
        const timeout = choice % 2 === 0 ? {} : { timeoutMs: choice % 500 };
        return [
          { type: "AwaitSignal", waitId: `w${++counters.waits}`, name: `signal${choice % 2}`, ...timeout },
        ];
      }
      case 5:
        return [
          {
            type: "RegisterCompensation",
            compensationId: `c${++counters.compensations}`,
            jobType: "refundPayment",
            input: `{"price":{"amount":${choice % 7}.${choice % 100}},"seats":[1]}`,
            ...(counters.jobs > 0 && { undoes: `j${counters.jobs}` }),
          },
          ...newDecisions(choice >> 3),
        ];
      case 6:
        return [{ type: "SetLabels", labels: { [`key${choice % 3}`]: `value ${choice % 4}` } }];
      default: {
        const last = choice >> 3;
        if (last % 4 === 0) return [{ type: "CompleteRun", output: "1" }];
        if (last % 4 === 1) return [{ type: "GetStuck", failure: technical("TypeError", `bug ${choice}`) }];
        if (last % 4 === 2) return [{ type: "BeginFailing", failure: business("NoRoom", `room ${choice}`) }];
        return [{ type: "FailRun", failure: business("NoRoom", `room ${choice}`) }];
      }
    }
  };

  run.do(
    {
      type: "StartRun",
      workflow: `workflow${(choices[0] ?? 0) % 3}`,
      input: "{}",
      labels: { order: `Order ${runId}` },
      startedBy: "ada",
    },
    ...newDecisions((choices[0] ?? 0) >> 2),
  );
  for (const choice of choices.slice(1)) {
    run.wait(choice % 50);
    const decisions = newDecisions(choice >> 4);
    const state = run.state;
    const jobs = state?.status === "running" ? openJobs(state) : [];
    const job = jobs[choice % Math.max(1, jobs.length)];
    const jobId = job?.jobId ?? "j1";
    const action = by("ada", `reason ${choice}`, `${runId}/a${++counters.actions}`);
    switch (choice % 13) {
      case 0:
      case 1:
      case 2:
        if (job !== undefined) run.complete(jobId, choice, ...decisions);
        break;
      case 3:
      case 4:
        if (job !== undefined)
          run.fail(jobId, technical(`Error${choice % 3}`, `failure ${choice}`), ...decisions);
        break;
      case 5:
        if (job !== undefined) run.reject(jobId, business("NoRoom", "no room"), ...decisions);
        break;
      case 6:
        if (job !== undefined) run.heartbeat(jobId);
        break;
      case 7:
        if (job?.status === "backingOff") run.retryDue(jobId);
        else run.do({ type: "RetryJob", jobId, ...action });
        break;
      case 8: {
        const timerId = (state?.status === "running" ? openTimers(state)[0]?.timerId : undefined) ?? "t1";
        const until = run.now + 1 + (choice % 500);
        const steered = [
          { type: "RunJobNow", jobId, ...action },
          { type: "PostponeRetry", jobId, until, ...action },
          { type: "TimeOutJob", jobId, ...action },
          { type: "FireTimerNow", timerId, ...action },
          { type: "PostponeTimer", timerId, until, ...action },
          { type: "LiftTimeout", timerId, ...action },
        ] as const;
        run.do(steered[(choice >> 4) % steered.length] ?? steered[0], ...decisions);
        break;
      }
      case 9:
        run.do(
          choice % 2 === 0
            ? { type: "CancelJob", jobId, ...action }
            : { type: "CompleteJob", jobId, output: "1", ...action },
          ...decisions,
        );
        break;
      case 10: {
        const signalId = `s${++counters.signals}`;
        run.do(
          { type: "SendSignal", signalId, name: `signal${choice % 2}`, payload: `${choice}`, actor: "grace" },
          ...decisions,
        );
        break;
      }
      case 11: {
        const timer = state?.status === "running" ? openTimers(state)[0] : undefined;
        if (timer === undefined) break;
        run.wait(Math.max(0, timer.dueAt - run.now));
        run.do({ type: "FireTimer", timerId: timer.timerId, generation: timer.generation }, ...decisions);
        break;
      }
      default: {
        const type =
          (["CancelRun", "ResumeRun", "CancelRun", "TerminateRun"] as const)[(choice >> 4) % 4] ??
          "CancelRun";
        run.do({ type, ...action }, ...decisions);
      }
    }
  }
  return run;
}
