import type { Action } from "../action.ts";
import type { Failure } from "../failure.ts";
import type { OpenJob } from "../job/state.ts";
import type { GroupedMap, OrderedMap } from "../ordered-map.ts";

export type RunStatus = "running" | "completed" | "failed" | "cancelled" | "terminated" | "damaged";
export type ClosedStatus = Exclude<RunStatus, "running" | "damaged">;

/** A run is born with `RunStarted`; before that there is no state. */
export type RunState = OpenRun | ClosedRun | DamagedRun;

interface RunBasics {
  readonly runId: string;
  readonly workflow: string;
  /** `commandId` of the StartRun that made it: its redelivery is recognised by it. */
  readonly startId: string;
  /** Of the start's input, to tell another start with the run's id from a repetition. Absent where history doesn't say any more. */
  readonly inputHash?: number;
  /** Number of the last event. */
  readonly seq: number;
  /** Time of the last event, ms. */
  readonly lastAt: number;
  /** Actions taken or refused so far, to recognise redelivered ones. */
  readonly actions: IdSet;
  /** `jobId/attempt` of attempts that were ended without a result of theirs: when it comes after all, it is refused, once. */
  readonly unanswered: IdSet;
}

type IdSet = OrderedMap<string, true>;

export interface OpenRun extends RunBasics {
  readonly status: "running";
  readonly startedAt: number;
  /** The names of its labels. */
  readonly labelNames: IdSet;
  /** Jobs that are not over, by id. */
  readonly jobs: OrderedMap<string, OpenJob>;
  /** How many jobs there were: `j1` to `j<jobCount>` have existed. */
  readonly jobCount: number;
  /** By id. */
  readonly timers: OrderedMap<string, OpenTimer>;
  /** By id, which is the order in which the code asked for them. */
  readonly waits: OrderedMap<string, SignalWait>;
  /** The ids of `waits`, by the name of the signal. */
  readonly waitsByName: GroupedMap<string, string, true>;
  /** Received and not yet awaited: by name, and there by the number of the event that brought them, so the oldest first. */
  readonly buffered: GroupedMap<string, number, string>;
  readonly bufferedCount: number;
  /** By signal id: the number of the event that brought it, and its name. */
  readonly seenSignals: OrderedMap<string, SeenSignal>;
  /** When time alone will do something, ms since the epoch, and to which jobs and timers: see `deadlines.ts`. */
  readonly due: GroupedMap<number, string, true>;
  /** Registered, and not yet carried out by a job. */
  readonly compensationCount: number;
  /** `jobId/attempt` of attempts that were under way when a person cancelled their job, and when each is over at the latest. */
  readonly lingering: OrderedMap<string, number>;
  /** The last input is recorded in part: the rest was in a further record, which is not there (yet). */
  readonly unfinished?: true;
  readonly closing?: Closing;
  /** Why the code can't decide. */
  readonly stuck?: Failure;
  /** Why the code of this run, which is being cancelled, is asked no more. */
  readonly codeGivenUp?: Failure;
  /** Of a run whose code lives in workers. */
  readonly delegated?: Delegated;
}

/** How it stands between the run and its code, which is asked through the log: one question at a time. */
export interface Delegated {
  /** The question that is out. */
  readonly asked?: AskedCode;
  /** Something happened that the code has not been asked about. */
  readonly hasNews?: true;
  /** The last answer that counted. */
  readonly answered?: { readonly upTo: number; readonly id: string; readonly build?: string };
  /** The build of the workflow's code that is asked, as long as a worker of it is there; absent: any. */
  readonly build?: string;
  /** It is waited for. */
  readonly isPinned?: true;
  /** Not every build can answer: one has said so. Whichever does is asked from then on. */
  readonly isParticular?: true;
  /** How often somebody said so: each time, another worker is asked. */
  readonly turn?: number;
}

export interface AskedCode {
  /** Number of the last event that the code is told of: only an answer to that counts. */
  readonly upTo: number;
  readonly attempt: number;
  /** When it was put, ms since the epoch. */
  readonly at: number;
  /** How often nobody answered it in time. */
  readonly silences?: number;
  /** How often workers ended with it in hand. */
  readonly ends?: number;
  /** A worker that was there was to put it to its code: if it comes back, that one has ended. */
  readonly begins?: true;
  /** Whoever is asked is told everything from the beginning. */
  readonly isWhole?: true;
  /** Others may be there by then, who can answer; ms since the epoch. */
  readonly notBefore?: number;
  /** Who said that they can't answer it, and when the first did, ms since the epoch. */
  readonly declined?: Declined;
  /** Who does not take a signal passes it over: nobody else is left to ask. */
  readonly passesOver?: true;
}

export interface Declined {
  readonly builds: readonly string[];
  readonly since: number;
  /** What the first of them did not take of what was recorded. */
  readonly failure?: Failure;
  /** The first of them that lacks nothing but a signal which it takes, and goes on without. */
  readonly passer?: string;
}

/** What is left of a run that is over: enough to recognise late and repeated commands. */
export interface ClosedRun extends RunBasics {
  readonly status: ClosedStatus;
  readonly closedAt: number;
}

/**
 * A run whose history can't be followed: set aside, so that it hurts nobody else, until a person repairs it. `seq` and what else is left of it are
 * those of its last good event.
 */
export interface DamagedRun extends RunBasics {
  readonly status: "damaged";
  /** In a sentence without its stop. */
  readonly found: string;
  readonly damagedAt: number;
  /** What it was after its last good event; absent when its beginning is missing. */
  readonly good?: OpenRun | ClosedRun;
}

export interface OpenTimer {
  readonly generation: number;
  readonly dueAt: number;
  /** Number of the event that set it: of timers that are due together, the one that was set first fires first. */
  readonly seq: number;
  /** The signal wait whose time-out it is. */
  readonly waitId?: string;
}

export interface SignalWait {
  readonly waitId: string;
  readonly name: string;
  /** Set when the wait has a time-out. */
  readonly timerId?: string;
}

interface SeenSignal {
  readonly seq: number;
  readonly name: string;
}

export type Closing =
  | { readonly outcome: "failed"; readonly failure: Failure }
  | { readonly outcome: "cancelled"; readonly action: Action };
