import {
  type AnyRunCommand,
  advance,
  decide,
  evolve,
  type OpenJob,
  type OpenRun,
  openJob,
  openJobs,
  openTimer,
  type RunCommand,
  type RunDecision,
  type RunEvent,
  type RunState,
  undoWithoutCode,
  wakesCode,
} from "@downbeat/domain";
import type { DecisionSession, Offer, RecordedEvent } from "@downbeat/protocol";

/** A run driven as the engine drives it: commands are decided, the code is asked, its answers become events. */
export class DrivenRun {
  readonly runId: string;
  readonly workflow: string;
  readonly history: RecordedEvent[] = [];
  readonly answers: (readonly RunDecision[])[] = [];
  at = 1_000_000;
  state: RunState | undefined;
  #commands = 0;
  readonly #sessions: () => DecisionSession;

  constructor(workflow: string, sessions: DecisionSession | (() => DecisionSession), runId = "run-1") {
    this.workflow = workflow;
    this.runId = runId;
    this.#sessions = typeof sessions === "function" ? sessions : () => sessions;
  }

  get open(): OpenRun {
    if (this.state?.status !== "running")
      throw new Error(`The run is ${this.state?.status ?? "not started"}.`);
    return this.state;
  }

  get openJobs(): Record<string, OpenJob> {
    return Object.fromEntries(openJobs(this.open).map((job) => [job.jobId, job]));
  }

  get eventTypes(): string[] {
    return this.history.map((recorded) => recorded.event.type);
  }

  get last(): RunEvent | undefined {
    return this.history.at(-1)?.event;
  }

  start(input: unknown = null): Promise<void> {
    return this.send({ type: "StartRun", workflow: this.workflow, input: JSON.stringify(input) });
  }

  complete(jobId: string, output: unknown = null): Promise<void> {
    return this.send({ type: "CompleteAttempt", ...this.#attempt(jobId), output: JSON.stringify(output) });
  }

  reject(jobId: string, name = "Refused"): Promise<void> {
    const failure = { kind: "business", name, message: `${name} it is.` } as const;
    return this.send({ type: "RejectAttempt", ...this.#attempt(jobId), failure });
  }

  fail(jobId: string, kind: "technical" | "invalid" = "invalid"): Promise<void> {
    return this.send({
      type: "FailAttempt",
      ...this.#attempt(jobId),
      failure: { kind, name: "Broken", message: "broke" },
    });
  }

  completeByHand(jobId: string, output: unknown): Promise<void> {
    return this.send({ type: "CompleteJob", jobId, action: this.action(), output: JSON.stringify(output) });
  }

  retryByHand(jobId: string, input: unknown): Promise<void> {
    return this.send({ type: "RetryJob", jobId, action: this.action(), input: JSON.stringify(input) });
  }

  cancel(): Promise<void> {
    return this.send({ type: "CancelRun", action: this.action() });
  }

  resume(): Promise<void> {
    return this.send({ type: "ResumeRun", action: this.action() });
  }

  signal(name: string, payload: unknown = null): Promise<void> {
    const signalId = `s${this.#commands}`;
    return this.send({ type: "SendSignal", signalId, name, payload: JSON.stringify(payload) });
  }

  fire(timerId: string): Promise<void> {
    const timer = openTimer(this.open, timerId);
    if (timer === undefined) throw new Error(`There is no timer ${timerId}.`);
    this.at = Math.max(this.at, timer.dueAt);
    return this.send({ type: "FireTimer", timerId, generation: timer.generation });
  }

  action() {
    return { actionId: `a${this.#commands}`, actor: "alice", reason: "because" };
  }

  async send(command: CommandBody): Promise<void> {
    const commandId = `c${++this.#commands}`;
    const outcome = decide(
      this.state,
      { ...command, commandId, runId: this.runId } as AnyRunCommand,
      this.at,
    );
    if (outcome.type === "rejected") throw new Error(`${outcome.code}: ${outcome.message}`);
    if (outcome.type === "ignored") return;
    const misfit = await this.#misfit(command);
    if (misfit !== undefined) throw new Error(`InvalidInput: ${misfit}`);
    this.record(outcome.events, commandId);
    let news: readonly RunEvent[] = outcome.events;
    while (this.state?.status === "running" && this.state.stuck === undefined && news.some(wakesCode)) {
      const { runId, workflow, history } = this;
      const decisions =
        this.state.codeGivenUp === undefined
          ? await this.#sessions().ask({ runId, workflow, history })
          : undoWithoutCode(
              this.state,
              history.map(({ event }) => event),
            );
      this.answers.push(decisions);
      news = advance(this.state, decisions, { runId, at: this.at, inputId: commandId }).events;
      this.record(news, commandId);
    }
    this.at += 10;
  }

  record(events: readonly RunEvent[], inputId = "given"): void {
    for (const event of events) {
      const seq = this.history.length + 1;
      this.state = evolve(this.state, event, { runId: this.runId, seq, at: this.at, inputId });
      this.history.push({ seq, at: this.at, event });
    }
  }

  async #misfit(command: CommandBody): Promise<string | undefined> {
    const { runId, workflow, history } = this;
    const offer: Offer | undefined =
      command.type === "CompleteJob"
        ? { type: "jobOutput", jobId: command.jobId, output: command.output }
        : command.type === "RetryJob" && command.input !== undefined
          ? { type: "jobInput", jobId: command.jobId, input: command.input }
          : command.type === "SendSignal"
            ? { type: "signal", name: command.name, payload: command.payload }
            : undefined;
    return offer === undefined ? undefined : this.#sessions().check({ runId, workflow, history }, offer);
  }

  #attempt(jobId: string) {
    const job = openJob(this.open, jobId);
    if (job === undefined) throw new Error(`There is no open job ${jobId}: ${this.eventTypes.join(" ")}`);
    return { jobId, attempt: job.attempt, worker: "w", startedAt: this.at };
  }
}

type CommandBody = RunCommand extends infer C
  ? C extends unknown
    ? Omit<C, "commandId" | "runId">
    : never
  : never;
