import type { Labels, RunEvent } from "@downbeat/domain";
import { MinHeap, position, type ReceivedMessage } from "@downbeat/message-log";
import { type Decision, encodeHistoryRecord, type HistoryRecord } from "@downbeat/protocol";
import { type Scenario, scenarioRunId, scenarios } from "./scenarios.ts";

export interface SyntheticOptions {
  readonly runs: number;
  /** When the first run starts, ms since the epoch. */
  readonly from: number;
  /** The last one starts before this time. */
  readonly to: number;
  /** Decisions in one record. */
  readonly batch?: number;
  /** Which scenario a run follows, by its number. */
  readonly scenarioOf?: (run: number) => string;
  readonly runIdOf?: (run: number) => string;
  /** In addition to `order` and `region`. */
  readonly labelsOf?: (run: number) => Labels;
}

/** A run's next step. */
interface Due {
  readonly at: number;
  readonly run: number;
  readonly step: number;
  readonly scenario: Scenario;
}

/**
 * Records of one partition with many runs under way at a time, stamped out of scenarios that the domain's own functions made. The same
 * options give the same records.
 */
export function* syntheticHistory(options: SyntheticOptions): Generator<ReceivedMessage> {
  const { runs, from, to, batch = 20, labelsOf = () => ({}) } = options;
  const scenarioOf = options.scenarioOf ?? usualMix;
  const runIdOf = options.runIdOf ?? ((run) => `trip-${1_000_000 + run}`);
  const known = scenarios();
  const names = [...new Set(known.map(({ name }) => name))];
  const workflows = [...new Set(known.map(({ workflow }) => workflow))];
  const records = new Records(from);
  yield records.claim();

  const due = new MinHeap<Due>((a, b) => a.at < b.at);
  let started = 0;
  const startOf = (run: number): number => from + Math.floor(((to - from) * run) / runs);
  let decisions: Decision[] = [];
  let at = from;
  while (started < runs || due.size > 0) {
    if (started < runs && startOf(started) <= (due.peek()?.at ?? Number.POSITIVE_INFINITY)) {
      const name = scenarioOf(started);
      const workflow = workflows[started % 7 === 0 ? 1 : started % 11 === 0 ? 2 : 0];
      const scenario = known.find((one) => one.name === name && one.workflow === workflow);
      if (scenario === undefined)
        throw new Error(`There is no scenario ${name}; there are ${names.join(", ")}.`);
      due.push({ at: startOf(started), run: started, step: 0, scenario });
      started++;
      continue;
    }
    const next = due.pop();
    if (next === undefined) break;
    const { run, step, scenario } = next;
    const source = scenario.steps[step];
    if (source === undefined) continue;
    const base = startOf(run);
    at = Math.max(at, base + source.at);
    const runId = runIdOf(run);
    decisions.push({
      runId,
      workflow: scenario.workflow,
      inputId: `${runId}/in${step + 1}`,
      seq: source.seq,
      events: source.events.map((event) => stamp(event, base, run, runId, labelsOf(run))),
    });
    const following = scenario.steps[step + 1];
    if (following !== undefined) due.push({ at: base + following.at, run, step: step + 1, scenario });
    if (decisions.length < batch) continue;
    yield records.decisions(decisions, at);
    decisions = [];
  }
  if (decisions.length > 0) yield records.decisions(decisions, at);
}

/** Mostly fine, some retried, some compensated, a few that need people. */
export function usualMix(run: number): string {
  const place = (run * 7919) % 1000;
  if (place < 2) return "stuck";
  if (place < 4) return "recovered";
  if (place < 34) return "compensated";
  if (place < 39) return "cancelled";
  if (place < 44) return "awaitingApproval";
  if (place < 49) return "sleeping";
  if (place < 149) return "completedAfterRetry";
  return "completed";
}

const regions = ["eu", "us", "apac", "latam"];

function stamp(event: RunEvent, base: number, run: number, runId: string, more: Labels): RunEvent {
  switch (event.type) {
    case "RunStarted":
      return {
        ...event,
        labels: { order: `order-${500_000 + run}`, region: regions[run % 4] ?? "eu", ...more },
        input: event.input.replace(scenarioRunId, runId),
      };
    case "TimerSet":
      return { ...event, dueAt: event.dueAt + base };
    case "AttemptFailed": {
      const { startedAt, retryAt } = event;
      return {
        ...event,
        ...(startedAt !== undefined && { startedAt: startedAt + base }),
        ...(retryAt !== undefined && { retryAt: retryAt + base }),
      };
    }
    case "AttemptStarted":
      return { ...event, startedAt: event.startedAt + base };
    case "JobCompleted":
    case "JobRejected":
      return { ...event, ...(event.startedAt !== undefined && { startedAt: event.startedAt + base }) };
    default:
      return event;
  }
}

class Records {
  #count = 0;
  #last = "";
  #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  claim(): ReceivedMessage {
    return this.#message({ kind: "claim", id: "claim-1", epoch: 1, owner: "synthetic", at: this.#at });
  }

  decisions(decisions: readonly Decision[], at: number): ReceivedMessage {
    this.#at = at;
    const id = `r${this.#count + 1}`;
    return this.#message({
      kind: "decisions",
      id,
      prev: this.#last,
      claimId: "claim-1",
      at,
      dispatchedUpTo: this.#count,
      decisions,
    });
  }

  #message(record: HistoryRecord): ReceivedMessage {
    this.#last = record.id;
    return {
      position: position(1, this.#count++),
      payload: encodeHistoryRecord(record),
      properties: { id: record.id },
      publishTime: this.#at,
      redeliveryCount: 0,
    };
  }
}
