/** A change of the engine's source, exactly one place in it. */
export interface Patch {
  /** In `packages/engine/src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * The rules of the core (docs/architecture.md), each with what takes it out of a copy of the engine: the simulation shows with them that it would
 * notice. The names say what holds as long as nothing is taken out.
 */
export const rules = {
  acceptRule: [
    {
      file: "fold.ts",
      find: "const reading = readHistory(this.cursor, message);",
      replace: `const record = readRecord(message);
    let reading = readHistory(this.cursor, message);
    if (reading.type === "leftOut" && !("unreadable" in record)) {
      const { epoch, count } = this.cursor;
      const cursor = { ...this.cursor, last: record.id, count: count + 1 };
      reading =
        record.kind === "claim"
          ? { type: "claim", record, cursor: { ...cursor, epoch: Math.max(epoch, record.epoch), owner: record.owner } }
          : { type: "decisions", record, cursor, isNewer: false };
    }`,
    },
    { file: "fold.ts", find: "  readHistory,\n}", replace: "  readHistory,\n  readRecord,\n}" },
    {
      file: "fold.ts",
      find: "const cursor = accept(this.cursor, record);",
      replace: "const cursor = { ...this.cursor, last: record.id, count: this.cursor.count + 1 };",
    },
  ],
  ownClaimReadBack: [
    {
      file: "ownership.ts",
      find: "this.#isDurable = true;",
      replace: "this.#isDurable = true;\n        this.#isReadBack = true;",
    },
    {
      file: "ownership.ts",
      find: "if (claim.id === this.#claim?.id) {",
      replace: `if (claim.id !== this.#claim?.id && this.#mode === "claiming" && claim.epoch === this.#claim?.epoch) {
        this.#isDurable = true;
        this.#isReadBack = true;
        return this.#maybeOwn(this.#claim);
      }
      if (claim.id === this.#claim?.id) {`,
    },
    {
      file: "tenure.ts",
      find: `if (this.#ownership.holds) this.drop("someone else's record was accepted");`,
      replace: "",
    },
    {
      file: "tenure.ts",
      find: "this.#ownership.leftOut(reading.id, reading.reason);",
      replace: "",
    },
  ],
  stateUpToOwnClaim: [
    {
      file: "tenure.ts",
      find: "const reading = this.#fold.read(message, position);",
      replace: `const reading =
      this.mode === "claiming" ? this.#fold.skip(message, position) : this.#fold.read(message, position);`,
    },
    {
      file: "fold.ts",
      find: "/** As {@link read} for a record",
      replace: `skip(message: HistoryMessage, position: Position): HistoryReading {
    const reading = readHistory(this.cursor, message);
    this.position = position;
    this.cursor = reading.cursor;
    return reading;
  }

  /** As {@link read} for a record`,
    },
  ],
  newClaimAfterError: [
    {
      file: "sessions.ts",
      find: 'import { because } from "./because.ts";',
      replace: `import { reconnectingProducer } from "@downbeat/message-log";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";`,
    },
    {
      file: "sessions.ts",
      find: "readonly inboxPrefetch: number;",
      replace: "readonly inboxPrefetch: number;\n  readonly clock: Clock;",
    },
    {
      // Sends again under the same claim what has no receipt.
      file: "sessions.ts",
      find: "this.#history = await this.#o.log.openProducer(topics.history(this.#o.partition), {",
      replace: `const { clock } = this.#o;
    this.#history = reconnectingProducer(this.#o.log, topics.history(this.#o.partition), {
      clock: { now: () => clock.monotonic(), setTimer: (run, ms) => clock.setTimer(ms, run) },
      random: () => clock.random(),`,
    },
  ],
  claimsOnlyOnMessage: [{ file: "ownership.ts", find: "if (!this.#messageSeen) return;", replace: "" }],
  // The next tenure takes the session over, and what was lost with the memory of the one before never comes again.
  dropClosesInbox: [
    {
      file: "sessions.ts",
      find: "export interface SessionsOptions {",
      replace: `const leftOpen = new WeakMap<MessageLog, Map<number, { consumer: Consumer; heir: Sessions }>>();

export interface SessionsOptions {`,
    },
    {
      file: "sessions.ts",
      find: "let opened: Consumer | undefined;",
      replace: `const left = leftOpen.get(this.#o.log)?.get(this.#o.partition);
    if (left !== undefined) {
      left.heir = this;
      this.#inbox = left.consumer;
      return;
    }
    let opened: Consumer | undefined;`,
    },
    {
      file: "sessions.ts",
      find: "onMessage: (message) => this.#o.onInbox(message),",
      replace: `onMessage: (message) =>
        (leftOpen.get(this.#o.log)?.get(this.#o.partition)?.heir ?? this).#o.onInbox(message),`,
    },
    {
      file: "sessions.ts",
      find: "if (this.#inbox === opened) this.#o.onEnd(",
      replace: `const left = leftOpen.get(this.#o.log);
        const heir = left?.get(this.#o.partition)?.heir ?? this;
        left?.delete(this.#o.partition);
        if (heir.#inbox === opened) heir.#o.onEnd(`,
    },
    {
      file: "sessions.ts",
      find: "this.#inbox = undefined;",
      replace: `this.#inbox = undefined;
    leftOpen.get(this.#o.log)?.delete(this.#o.partition);`,
    },
    {
      file: "sessions.ts",
      find: "await Promise.allSettled([this.#reader?.close(), this.#inbox?.close(), this.#history?.close()]);",
      replace: `if (this.#inbox !== undefined) {
      const left = leftOpen.get(this.#o.log) ?? new Map<number, { consumer: Consumer; heir: Sessions }>();
      leftOpen.set(this.#o.log, left.set(this.#o.partition, { consumer: this.#inbox, heir: this }));
    }
    await Promise.allSettled([this.#reader?.close(), this.#history?.close()]);`,
    },
  ],
  duplicatesAcknowledgedLate: [
    {
      file: "inbox-decider.ts",
      find: "for (const input of inputs) inbox.settle(input, records.number);",
      replace: `let first = 0;
    for (const input of inputs) {
      const own = decided.slice(first, (first += input.commands.length));
      inbox.settle(input, own.some((one) => one !== undefined) ? records.number : 0);
    }`,
    },
  ],
  duplicatesRecognised: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type === "StartRun" && state !== undefined)
        return { type: "accepted", events: [{ type: "LabelsSet", labels: {} }] };
      return decide(state, command, at);`,
    },
  ],
  acknowledgeAfterEffects: [
    {
      file: "owner.ts",
      find: "this.#publish(number, fold.cursor.count, effects);",
      replace: "this.#publish(number, fold.cursor.count, effects);\n    this.#o.inbox.advance(number);",
    },
  ],
  acknowledgeOnReadBack: [
    {
      file: "own-records.ts",
      find: "readonly fold: Fold;",
      replace: `readonly fold: Fold;
  readonly inbox: { advance(number: number): void };`,
    },
    {
      file: "own-records.ts",
      find: "#send({ record, payload }: OwnRecord): void {",
      replace: "#send({ record, payload, number }: OwnRecord): void {",
    },
    {
      file: "own-records.ts",
      find: `this.#unreceipted -= 1;
        this.#checkQuiet();`,
      replace: `this.#unreceipted -= 1;
        this.#checkQuiet();
        this.#o.inbox.advance(number);`,
    },
    {
      file: "owner.ts",
      find: "onSettled: ({ number }) => inbox.advance(number),",
      replace: "onSettled: () => {},",
    },
  ],
  effectsOnReadBack: [
    {
      file: "own-records.ts",
      find: "readonly fold: Fold;",
      replace: "readonly fold: Fold;\n  readonly onAppended: (own: OwnRecord) => void;",
    },
    {
      file: "own-records.ts",
      find: "this.#send(own);",
      replace: "this.#o.onAppended(own);\n    this.#send(own);",
    },
    {
      file: "owner.ts",
      find: "onAccepted: (own) => this.#accepted(own) }",
      replace: `onAccepted: (own) => this.#accepted(own),
      onAppended: (own) => this.#publish(own.number, fold.cursor.count + records.inFlight, own.effects) }`,
    },
    { file: "owner.ts", find: "this.#publish(number, fold.cursor.count, effects);", replace: "" },
  ],
  dispatchedUpToContiguous: [
    {
      file: "publishing.ts",
      find: "let first = entries[0];",
      replace:
        "for (const entry of entries) if (entry.left === 0) onPublished(entry);\n    let first = entries[0];",
    },
  ],
  snapshotOfAcceptedOnly: [
    {
      file: "fold.ts",
      find: "cursor: AcceptCursor = emptyCursor;",
      replace: `cursor: AcceptCursor = emptyCursor;
  speculative: (runId: string) => RunEntry | undefined = () => undefined;`,
    },
    {
      file: "fold.ts",
      find: "const entry = this.#hot.get(runId);",
      replace: "const entry = this.speculative(runId) ?? this.#hot.get(runId);",
    },
    {
      file: "decider.ts",
      find: "this.#fold = fold;",
      replace: "this.#fold = fold;\n    fold.speculative = (runId) => this.#speculative.get(runId);",
    },
  ],
  snapshotHoldsUndispatched: [
    { file: "fold.ts", find: "this.undispatched = [...head.undispatched];", replace: "" },
  ],
  snapshotHoldsCursor: [{ file: "fold.ts", find: "this.cursor = head.cursor;", replace: "" }],
  throwingInputIsOutcome: [
    {
      file: "decider.ts",
      find: "// A command that makes the core throw is a bug of ours; it must not take the partition with it.",
      replace: "if (error instanceof Error) throw error;",
    },
  ],
  unfinishedInputFinished: [
    {
      file: "decider.ts",
      find: "const state = this.entry(command.runId)?.state;",
      replace: `const state = this.entry("")?.state;`,
    },
    {
      file: "deadlines.ts",
      find: "for (const { command } of deadlines(entry.state, now)) commands.push(command);",
      replace: `for (const { command } of deadlines(entry.state, now))
        if (command.type !== "FinishStep") commands.push(command);`,
    },
  ],
  deadlyInputIsOutcome: [
    {
      file: "deadly-commands.ts",
      find: "this.#carefully = mostCareful;",
      replace: "this.#carefully = 0;",
    },
  ],
  tombstones: [
    {
      file: "fold.ts",
      find: "if (stored !== undefined) this.#hot.set(runId, stored);",
      replace: `if (stored !== undefined && stored.state.status !== "running") return undefined;
    if (stored !== undefined) this.#hot.set(runId, stored);`,
    },
    {
      file: "fold.ts",
      find: "this.#hot.set(runId, entry);",
      replace: `if (entry.state.status !== "running") this.#hot.delete(runId);
    else this.#hot.set(runId, entry);`,
    },
  ],
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
  answersToTheQuestion: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const asked = state?.status === "running" ? state.delegated?.asked : undefined;
      if (command.type === "AnswerQuestion" && asked !== undefined)
        return decide(state, { ...command, upTo: asked.upTo }, at);
      return decide(state, command, at);`,
    },
  ],
  newsMakesQuestion: [
    {
      file: "fold.ts",
      find: "state = evolve(before, event, { runId, seq, at, inputId, unfinished: seq === last });",
      replace: `state = evolve(before, event, { runId, seq, at, inputId, unfinished: seq === last });
    if (event.type === "CodeAnswered" && state.status === "running" && state.delegated !== undefined) {
      const { hasNews: _, ...heard } = state.delegated;
      state = { ...state, delegated: heard };
    }`,
    },
  ],
  signalsWaitForAnswer: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type === "SendSignal" && state?.status === "running" && state.delegated !== undefined) {
        const { asked: _, ...delegated } = state.delegated;
        return decide({ ...state, delegated }, command, at);
      }
      return decide(state, command, at);`,
    },
  ],
  toldInCodesOrder: [
    {
      file: "question-of.ts",
      find: "inCodesOrder(entry.history.slice(continues?.upTo ?? 0, upTo))",
      replace: "entry.history.slice(continues?.upTo ?? 0, upTo)",
    },
    {
      file: "question-of.ts",
      find: "import { type AskCode, inCodesOrder }",
      replace: "import type { AskCode }",
    },
  ],
  questionsAskedAgain: [
    {
      file: "deadlines.ts",
      find: "for (const { command } of deadlines(entry.state, now)) commands.push(command);",
      replace: `for (const { command } of deadlines(entry.state, now))
        if (command.type !== "AskAgain") commands.push(command);`,
    },
  ],
  askedOfItsBuild: [
    {
      file: "effect-publisher.ts",
      find: "if (!isAskedOfBuild) return",
      replace: "if (isAskedOfBuild || !isAskedOfBuild) return",
    },
  ],
  askedElsewhere: [
    { file: "decider.ts", find: "this.#delegation.buildsOf(state.workflow)", replace: "[]" },
    {
      file: "question-publisher.ts",
      find: "questionKey(asked.runId, turn)",
      replace: "questionKey(asked.runId)",
    },
  ],
  untakenAskedElsewhere: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const isUntaken = command.because === "notMine" && command.failure !== undefined;
        return decide(state, command, at, isUntaken ? [] : this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
  allAskedBeforePassingOver: [
    {
      file: "question-of.ts",
      find: "...(asked.passesOver === true && { passesOver: true }),",
      replace: "passesOver: true,",
    },
  ],
  passedOverByLast: [
    {
      file: "question-of.ts",
      find: "...(asked.passesOver === true && { passesOver: true }),",
      replace: "",
    },
  ],
  endsCounted: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const again = command.because === "workerEnded" ? ({ ...command, because: "history" } as const) : command;
        return decide(state, again, at, this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
  endsHeldBack: [
    {
      file: "effect-publisher.ts",
      find: "{ topic, turn, deliverAt: notBefore }",
      replace: "{ topic, turn, deliverAt: question.ends === undefined ? notBefore : undefined }",
    },
  ],
  whatMayHaveEndedSpared: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const builds = this.#delegation.buildsOf(state.workflow);
        if (command.because !== "workerEnded") return decide(state, command, at, builds);
        const { ended: _, ...counted } = command;
        return decide(state, counted, at, builds);
      }`,
    },
  ],
  whatMayHaveEndedCounted: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const again =
          command.because === "workerEnded" && command.ended === "maybe"
            ? ({ ...command, because: "history" } as const)
            : command;
        return decide(state, again, at, this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;

export type RuleName = keyof typeof rules;

/** Of the code that lives in workers. */
export const ofQuestions: readonly RuleName[] = [
  "answersToTheQuestion",
  "newsMakesQuestion",
  "signalsWaitForAnswer",
  "toldInCodesOrder",
  "questionsAskedAgain",
];

/** Of several builds of it. */
export const ofBuilds: readonly RuleName[] = ["askedOfItsBuild", "askedElsewhere"];

/** Of what the schemas of one of them do not take. */
export const ofUntaken: readonly RuleName[] = [
  "untakenAskedElsewhere",
  "allAskedBeforePassingOver",
  "passedOverByLast",
];

/** Of code that ends the workers that are asked. */
export const ofEnds: readonly RuleName[] = [
  "endsCounted",
  "endsHeldBack",
  "whatMayHaveEndedSpared",
  "whatMayHaveEndedCounted",
];
