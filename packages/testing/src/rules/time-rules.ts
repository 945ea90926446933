import type { Patch } from "./patch.ts";

/** Of time, and of what waits for it. */
export const timeRules = {
  overdueSwept: [
    {
      file: "deadlines.ts",
      find: "this.#armedFor = undefined;\n      this.#sweep();",
      replace: "this.#armedFor = undefined;",
    },
  ],
  timersByDue: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const outcome = decide(state, command, at);
      if (command.type !== "FireTimer" || outcome.type !== "accepted") return outcome;
      const from = outcome.events.findIndex((event) => "timerId" in event && event.timerId === command.timerId);
      return { type: "accepted", events: outcome.events.slice(from) };`,
    },
    {
      file: "deadlines.ts",
      find: "for (const { command } of deadlines(entry.state, now)) commands.push(command);",
      replace: `for (const { command } of deadlines(entry.state, now).reverse()) commands.push(command);`,
    },
  ],
  postponedHeld: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const timer =
        command.type === "FireTimer" && state?.status === "running" ? openTimer(state, command.timerId) : undefined;
      if (command.type === "FireTimer" && timer !== undefined && timer.generation !== command.generation)
        return decide(state, { ...command, generation: timer.generation }, Math.max(at, timer.dueAt));
      return decide(state, command, at);`,
    },
    { file: "decider.ts", find: "  openProblem,\n", replace: "  openProblem,\n  openTimer,\n" },
  ],
  liftedHeld: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const lifted =
        command.type === "FireTimer" && state?.status === "running" && openTimer(state, command.timerId) === undefined
          ? openWaits(state).find(({ waitId }) => waitId === command.timerId)
          : undefined;
      if (lifted !== undefined)
        return { type: "accepted", events: [{ type: "SignalWaitEnded", waitId: lifted.waitId, because: "timeout" }] };
      return decide(state, command, at);`,
    },
    { file: "decider.ts", find: "  openProblem,\n", replace: "  openProblem,\n  openTimer,\n  openWaits,\n" },
  ],
  startsByLogTime: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const outcome = decide(state, command, at);
      if (command.type !== "HeartbeatAttempt" || outcome.type !== "accepted") return outcome;
      const startedAt = Math.min(command.startedAt, at);
      const events = outcome.events.map((event) => (event.type === "AttemptStarted" ? { ...event, startedAt } : event));
      return { type: "accepted", events };`,
    },
  ],
  endedWorkersCounted: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type !== "HeartbeatAttempt" || command.redelivered === undefined) return decide(state, command, at);
      const { begins: _, ...asBefore } = command;
      return decide(state, asBefore, at);`,
    },
  ],
  leftBehindCalledOff: [
    {
      file: "fold.ts",
      find: "for (const effect of effectsOf(state, event, before)) effects.push(effect);",
      replace: `for (const effect of effectsOf(state, event, before))
      if (effect.type !== "CallOffAttempt") effects.push(effect);`,
    },
  ],
  everyBeatCounts: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type === "HeartbeatAttempt" && command.begins !== true && state?.status === "running") {
        const job = openJob(state, command.jobId);
        const interval = job?.options?.heartbeatMs ?? 0;
        if (job?.status === "running" && at - job.heartbeatAt < interval / 2) return { type: "ignored" };
      }
      return decide(state, command, at);`,
    },
    { file: "decider.ts", find: "  openProblem,\n", replace: "  openJob,\n  openProblem,\n" },
  ],
  ticks: [
    {
      file: "engine.ts",
      find: "if (now - processor.lastTraffic >= every * 0.9) this.#tick(partition);",
      replace: "void [processor, partition, now];",
    },
  ],
  jumpsNotFollowed: [
    {
      file: "log-time.ts",
      find: "if (by > 0 && !this.#isFollowed(now, by)) return;",
      replace: "",
    },
  ],
  timeGoesOn: [
    {
      file: "partition-time.ts",
      find: "passed * paceAhead",
      replace: "0",
    },
  ],
  idleSessionsRenewed: [
    {
      file: "tenure.ts",
      find: "this.#snapshots.save();\n      this.#renewIdleInbox();",
      replace: "this.#snapshots.save();",
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;
