import {
  type AcceptCursor,
  accept,
  ask,
  deadlines,
  emptyCursor,
  evolve,
  openJob,
  openJobs,
  openTimer,
  openTimers,
  openWaits,
  type RunEvent,
  type RunState,
} from "@downbeat/domain";
import {
  type Decision,
  parseCalledOffMessage,
  parseHistoryRecord,
  parseJobMessage,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import type { Schedule } from "./schedule.ts";
import { wokeEarly } from "./workflows.ts";

interface Accepted {
  readonly decision: Decision;
  readonly at: number;
  readonly sentAt: number;
  readonly landedAt: number;
  /** A further part of what came of the input of the decision before. */
  readonly goesOn: boolean;
}

/**
 * An independent reading of what is in the log, and what must be true of it. Named as in the reliability notes (I1 to I13); I14: a signal goes to
 * the wait that the code still wants.
 */
export function violations(schedule: Schedule): string[] {
  const found: string[] = [];
  const { partitions } = schedule.options;
  const runs = new Map<string, RunState>();
  const decisions: Accepted[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const own = readPartition(schedule, partition, runs, found);
    decisions.push(...own);
    checkTimers(own, found);
    checkLiveState(schedule, partition, runs, found);
    const backlog = schedule.log.backlog(topics.inbox(partition), subscriptions.engine);
    if (backlog > 2) found.push(`I13: ${backlog} messages are left in inbox ${partition}`);
  }
  checkRuns(schedule, runs, decisions, found);
  checkInputs(schedule, decisions, runs, found);
  checkEffects(schedule, decisions, found);
  const quarantined = schedule.log.messages(topics.quarantine).length;
  if (quarantined < schedule.malformed.length) {
    found.push(`I2: ${schedule.malformed.length} malformed messages, ${quarantined} in quarantine`);
  }
  const minutes = (schedule.options.troubleMs + schedule.options.settleMs) / 60_000;
  if (schedule.claims > 40 * minutes * partitions)
    found.push(`I13: ${schedule.claims} claims in ${minutes} minutes`);
  return found;
}

function readPartition(
  schedule: Schedule,
  partition: number,
  runs: Map<string, RunState>,
  found: string[],
): Accepted[] {
  let cursor: AcceptCursor = emptyCursor;
  const accepted: Accepted[] = [];
  /** Of runs, the input of which more was to be recorded: by its owner at once, or by the next one when it reads it again. */
  const unfinished = new Map<string, string>();
  for (const message of schedule.log.messages(topics.history(partition))) {
    const record = parseHistoryRecord(message.payload);
    const next = record === undefined ? undefined : accept(cursor, record);
    if (record === undefined || next === undefined) continue;
    cursor = next;
    if (record.kind === "claim") continue;
    const { landedAt, sentAt } = message;
    for (const [index, decision] of record.decisions.entries()) {
      const before = record.decisions[index - 1];
      const goesOn =
        (before?.inputId === decision.inputId && before.runId === decision.runId) ||
        unfinished.get(decision.runId) === decision.inputId;
      if (goesOn) unfinished.delete(decision.runId);
      accepted.push({ decision, at: record.at, landedAt, sentAt, goesOn });
      if (decision.seq === 0) continue;
      let state = runs.get(decision.runId);
      if (decision.seq !== (state?.seq ?? 0) + 1) {
        found.push(`I3: ${decision.runId} goes from event ${state?.seq ?? 0} to ${decision.seq}`);
        return accepted;
      }
      let seq = decision.seq;
      for (const event of decision.events) {
        checkEvent(state, event, decision.runId, record.at, found);
        try {
          state = evolve(state, event, {
            runId: decision.runId,
            seq: seq++,
            at: record.at,
            inputId: decision.inputId,
            unfinished:
              record.partsLeft !== undefined &&
              decision === record.decisions.at(-1) &&
              seq === decision.seq + decision.events.length,
          });
        } catch (error) {
          found.push(`I3: ${decision.runId}: ${(error as Error).message}`);
          return accepted;
        }
      }
      if (state?.status === "running") state = ask(state);
      if (state !== undefined) runs.set(decision.runId, state);
    }
    const last = record.decisions.at(-1);
    if (record.partsLeft !== undefined && last !== undefined) unfinished.set(last.runId, last.inputId);
  }
  return accepted;
}

function checkEvent(
  state: RunState | undefined,
  event: RunEvent,
  runId: string,
  at: number,
  found: string[],
): void {
  if (state?.status !== "running") return;
  if (event.type === "TimerFired" && event.action !== undefined) {
    if (openTimer(state, event.timerId) === undefined)
      found.push(`I7: ${runId} ${event.timerId} was fired though it was not waiting`);
  } else if (event.type === "TimerFired") {
    const timer = openTimer(state, event.timerId);
    if (timer === undefined) found.push(`I7: ${runId} ${event.timerId} fired though it was not waiting`);
    else if (timer.dueAt > at) found.push(`I6: ${runId} ${event.timerId} fired ${timer.dueAt - at} ms early`);
    const before = openTimers(state).find(
      ({ dueAt, seq }) => timer !== undefined && (dueAt - timer.dueAt || seq - timer.seq) < 0,
    );
    if (before !== undefined)
      found.push(`I6: ${runId} ${event.timerId} fired before ${before.timerId}, whose turn it was`);
  }
  if (event.type === "SignalDelivered" && state.workflow === "watch" && openWaits(state).length > 1)
    found.push(`I14: ${runId} ${event.signalId} goes to ${event.waitId}, and the code waits with another`);
  if (event.type === "RunCompleted" || event.type === "RunFailed" || event.type === "RunCancelled") {
    for (const { jobId } of openJobs(state)) found.push(`I1: ${runId} ended with ${jobId} open`);
  }
  if (event.type === "AttemptRequested") {
    const job = openJob(state, event.jobId);
    if (job === undefined || event.attempt !== job.attempt + 1)
      found.push(`I4: ${runId} ${event.jobId} skips to attempt ${event.attempt}`);
    else if (event.attempt - job.attemptBase > (job.options?.retry?.maxAttempts ?? 5)) {
      found.push(`I4: ${runId} ${event.jobId} has attempt ${event.attempt}, over its policy`);
    }
    if (state.closing !== undefined && job?.compensationId === undefined)
      found.push(`I11: ${runId} ${event.jobId}: an attempt after the cancel`);
  }
}

/** I6: by the true clock, whatever the log's says, nothing that lasts is shorter than it was to be. */
function checkTimers(decisions: readonly Accepted[], found: string[]): void {
  const due = new Map<string, number>();
  const lifted = new Set<string>();
  for (const { decision, at, landedAt, sentAt } of decisions) {
    for (const event of decision.events) {
      if (event.type === "TimerCancelled" && event.action !== undefined)
        lifted.add(`${decision.runId} ${event.timerId}`);
      if (event.type === "SignalWaitEnded" && event.because === "timeout") {
        const wait = `${decision.runId} ${event.waitId}`;
        if (lifted.has(wait)) found.push(`I6: ${wait} ended by a time-out that was taken away`);
      }
      if (!("timerId" in event && "generation" in event)) continue;
      const key = `${decision.runId} ${event.timerId}/${event.generation}`;
      if (event.type === "TimerSet" || event.type === "TimerPostponed")
        due.set(key, sentAt + event.dueAt - at);
      const early = (due.get(key) ?? 0) - landedAt;
      // Times are known as well as messages are quick.
      if (event.type === "TimerFired" && event.action === undefined && early > 500)
        found.push(`I6: ${key} fired ${Math.ceil(early)} ms early`);
    }
  }
}

/** I8: what the engines hold in memory is what the log says. */
function checkLiveState(
  schedule: Schedule,
  partition: number,
  runs: ReadonlyMap<string, RunState>,
  found: string[],
): void {
  const owners = schedule.slots.filter(
    (slot) => slot.process.alive && slot.engine.modes[partition] === "owning",
  );
  if (owners.length !== 1) found.push(`I13: partition ${partition} has ${owners.length} owners in the end`);
  for (const slot of schedule.slots) {
    const tenure = slot.engine.processors[partition]?.tenure;
    if (
      tenure === undefined ||
      !slot.process.alive ||
      tenure.mode === "connecting" ||
      tenure.mode === "dropped"
    )
      continue;
    if (tenure.fold.position !== schedule.log.messages(topics.history(partition)).at(-1)?.position) continue;
    for (const [runId, state] of runs) {
      const held = tenure.fold.entry(runId)?.state;
      if (held !== undefined && JSON.stringify(sorted(held)) !== JSON.stringify(sorted(state))) {
        found.push(`I8: ${slot.name} holds ${runId} otherwise than its history says`);
        return;
      }
    }
  }
}

function checkRuns(
  schedule: Schedule,
  runs: ReadonlyMap<string, RunState>,
  decisions: readonly Accepted[],
  found: string[],
): void {
  const ends = new Map<string, number>();
  const lastLanded = new Map(decisions.map(({ decision, landedAt }) => [decision.runId, landedAt]));
  const jobEnds = new Map<string, number>();
  /** Waits for signals that last until one comes, since a person wanted that. */
  const lifted = new Set<string>();
  for (const { decision } of decisions) {
    for (const event of decision.events) {
      if (event.type === "TimerCancelled" && event.action !== undefined)
        lifted.add(`${decision.runId} ${event.timerId}`);
      if (/^Run(Completed|Failed|Cancelled|Terminated)$/.test(event.type))
        ends.set(decision.runId, (ends.get(decision.runId) ?? 0) + 1);
      if (
        event.type === "JobCompleted" ||
        event.type === "JobRejected" ||
        event.type === "JobFailed" ||
        event.type === "JobCancelled"
      ) {
        const key = `${decision.runId}/${event.jobId}`;
        jobEnds.set(key, (jobEnds.get(key) ?? 0) + 1);
      }
    }
  }
  for (const [runId, count] of ends) if (count !== 1) found.push(`I1: ${runId} ended ${count} times`);
  for (const [key, count] of jobEnds) if (count !== 1) found.push(`I5: ${key} ended ${count} times`);
  for (const [runId, state] of runs) {
    if (state.status !== "running") continue;
    const stuck = state.stuck !== undefined || openJobs(state).some((job) => job.status === "stuck");
    // By the true clock: for so long nothing happened.
    const since = schedule.world.now - (lastLanded.get(runId) ?? 0);
    const overdue = deadlines(state).some(({ dueAt }) => (dueAt - state.lastAt) * 1.05 < since - 10_000);
    if (overdue) found.push(`I7: ${runId} has a deadline that nobody keeps`);
    else if (
      !stuck &&
      !openJobs(state).some((job) => job.status !== "stuck") &&
      openTimers(state).length === 0 &&
      !openWaits(state).some(({ waitId }) => lifted.has(`${runId} ${waitId}`))
    ) {
      found.push(`I1: ${runId} is open and waits for nothing`);
    }
    if (state.stuck?.message.includes(wokeEarly) === true)
      found.push(`I6: the code of ${runId} was told of an earlier time than it had waited for`);
    if (state.stuck?.kind === "nonDeterminism")
      found.push(`I8: ${runId} replays differently: ${state.stuck.message}`);
  }
}

function checkInputs(
  schedule: Schedule,
  decisions: readonly Accepted[],
  runs: ReadonlyMap<string, RunState>,
  found: string[],
): void {
  const applied = new Map<string, number>();
  for (const { decision, goesOn } of decisions) {
    if (goesOn) continue;
    const refused = decision.events.every((event) => event.type === "CommandRefused");
    if (!refused) applied.set(decision.inputId, (applied.get(decision.inputId) ?? 0) + 1);
    else if (!applied.has(decision.inputId)) applied.set(decision.inputId, 0);
  }
  // A deadline's id names what it does, so it may come back; a repeated heartbeat only says "still working" once more.
  const once = new Set(
    schedule.sent
      .filter(({ command }) => command.type !== "HeartbeatAttempt")
      .map(({ command }) => command.commandId),
  );
  for (const [inputId, count] of applied) {
    if (count > 1 && once.has(inputId)) found.push(`I5: ${inputId} was applied ${count} times`);
  }
  for (const { command, receipt } of schedule.sent) {
    if (!receipt) {
      found.push(`harness: ${command.type} ${command.commandId} has no receipt in the end`);
      continue;
    }
    if (command.type === "HeartbeatAttempt" || command.type === "FireTimer" || applied.has(command.commandId))
      continue;
    const state = runs.get(command.runId);
    // One that came too late, or twice, is no answer to what is asked.
    if (command.type === "AnswerQuestion" || command.type === "AskAgain") continue;
    if ("attempt" in command) {
      // Recognised as answered: the attempt it speaks of must be over.
      const job = state?.status === "running" ? openJob(state, command.jobId) : undefined;
      const open =
        job !== undefined &&
        job.attempt === command.attempt &&
        (job.status === "scheduled" || job.status === "running");
      if (open) found.push(`I2: ${command.type} ${command.commandId} was lost`);
      continue;
    }
    found.push(`I2: ${command.type} ${command.commandId} for ${command.runId} was lost`);
  }
}

function checkEffects(schedule: Schedule, decisions: readonly Accepted[], found: string[]): void {
  const requested = new Map<string, string>();
  const over = new Set<string>();
  for (const { decision } of decisions) {
    for (const event of decision.events) {
      if (event.type === "JobScheduled") requested.set(`${decision.runId}/${event.jobId}`, event.jobType);
      if (event.type === "AttemptRequested") {
        const jobType = requested.get(`${decision.runId}/${event.jobId}`) ?? "?";
        requested.set(`${decision.runId}/${event.jobId}/${event.attempt}`, jobType);
      }
      if ("jobId" in event && "attempt" in event && event.type !== "AttemptRequested")
        over.add(`${decision.runId}/${event.jobId}/${event.attempt}`);
    }
  }
  const contents = new Map<string, string>();
  for (const [name, topic] of schedule.log.topics) {
    if (!name.startsWith("jobs-")) continue;
    for (const message of topic.messages) {
      const job = parseJobMessage(message.payload);
      const id = `${job.runId}/${job.jobId}/${job.attempt}`;
      if (!requested.has(id)) found.push(`I4: attempt ${id} was dispatched without an accepted request`);
      const text = JSON.stringify(job);
      const before = contents.get(id);
      if (before !== undefined && before !== text)
        found.push(`I4: attempt ${id} was dispatched with two contents`);
      contents.set(id, text);
    }
  }
  const calledOff = new Set(
    schedule.log.messages(topics.calledOff).map(({ payload }) => {
      const { runId, jobId, attempt } = parseCalledOffMessage(payload);
      return `${runId}/${jobId}/${attempt}`;
    }),
  );
  const latest = new Map<string, string>();
  for (const { decision } of decisions) {
    for (const event of decision.events) {
      if (!("jobId" in event) || event.jobId === undefined) continue;
      const job = `${decision.runId}/${event.jobId}`;
      if (event.type === "AttemptRequested") latest.set(job, `${job}/${event.attempt}`);
      else if (event.type === "AttemptFailed") latest.delete(job);
      else if (event.type === "JobAbandoned") {
        const attempt = latest.get(job);
        if (attempt !== undefined && !calledOff.has(attempt))
          found.push(`I10: attempt ${attempt} was abandoned and nobody was told`);
      }
    }
  }
  for (const id of requested.keys()) {
    if (id.split("/").length === 3 && !contents.has(id))
      found.push(`I10: attempt ${id} was requested and never dispatched`);
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
