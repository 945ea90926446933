import type { ActionView, LeftOutRecord, LiveChange, RunSummary, ShownStatus } from "@downbeat/api/views";
import { troubleSentence } from "@downbeat/domain";
import { type BookingSpec, pickKind, tellBigRun, tellBooking } from "./bookings.ts";
import { type Folded, foldStory } from "./fold.ts";
import { randomOf } from "./random.ts";
import { type Story, Teller } from "./story.ts";
import { tellTour } from "./tour.ts";

export interface WorldOptions {
  readonly history: number;
  /** Time between two new bookings, ms; 0 for none. */
  readonly everyMs: number;
  readonly bigRunJobs: number;
  /** Worlds of different seeds have no run in common, but for the big one. */
  readonly seed: number;
}

const day = 86_400_000;

/** All runs of the fake. Time alone moves them; actions add to their stories. */
export class World {
  readonly stories = new Map<string, Story>();
  /** What is not well. */
  trouble: FakeTrouble = {};
  private readonly closed = new Map<string, Folded>();
  private readonly random: () => number;
  private next: number;
  private traffic: NodeJS.Timeout | undefined;

  constructor({ history, everyMs, bigRunJobs, seed }: WorldOptions) {
    this.random = randomOf(42 + seed);
    this.next = 1 + seed * 100_000;
    const now = Date.now();
    for (let index = 0; index < history; index++) {
      // Denser towards now, so that "last hour" has something to show.
      const age = (1 - (index + 1) / history) ** 2 * day;
      this.add(now - age - 4_000);
    }
    if (bigRunJobs > 0) this.put(tellBigRun("import-2026-11-23", now - 3_600_000, bigRunJobs));
    if (bigRunJobs > 0) {
      this.put(tellTour(now - 1_800_000, 1_500));
      this.put(tellTour(now - 5_400_000, 1_500, { runId: "tour-2026-11-22", guideMs: 300, adults: 3 }));
    }
    if (everyMs > 0) this.traffic = setInterval(() => this.add(Date.now()), everyMs);
  }

  freshness(): LiveChange["freshness"] {
    const { leftOut = [], undecided = [], refusing = [], removedUpTo, countedFrom } = this.trouble;
    const note = troubleSentence(undecided, 8) ?? this.trouble.note;
    return {
      completeTo: Date.now() - 40,
      behind: 0,
      live: true,
      ...(leftOut.length > 0 && { leftOut: leftOut.length }),
      ...(undecided.length > 0 && { undecided }),
      ...(refusing.length > 0 && { refusing }),
      ...(removedUpTo !== undefined && { removedUpTo }),
      ...(countedFrom !== undefined && { countedFrom }),
      ...(note !== undefined && { note }),
    };
  }

  stop(): void {
    clearInterval(this.traffic);
  }

  private add(at: number): void {
    const seed = this.next++;
    const runId = seed % 5 === 0 ? uuid(this.random) : `booking-${600_194_000 + seed}`;
    const spec: BookingSpec = { runId, seed, at: Math.round(at), kind: pickKind(this.random) };
    this.put(tellBooking(spec));
  }

  put(story: Story): void {
    this.stories.set(story.runId, story);
  }

  fold(runId: string, now = Date.now()): Folded | undefined {
    const known = this.closed.get(runId);
    if (known !== undefined) return known;
    const story = this.stories.get(runId);
    if (story === undefined || (story.events[0]?.at ?? now) > now) return undefined;
    const folded = foldStory(story, now);
    if (folded.summary.status !== "running") this.closed.set(runId, folded);
    return folded;
  }

  /** Newest first. */
  summaries(now = Date.now()): RunSummary[] {
    const all: RunSummary[] = [];
    for (const runId of this.stories.keys()) {
      const folded = this.fold(runId, now);
      if (folded) all.push(folded.summary);
    }
    return all.sort((one, other) => other.startedAt - one.startedAt);
  }

  retry(
    runId: string,
    jobId: string,
    action: { actionId: string; actor: string; reason: string },
    input?: string,
  ): void {
    const story = this.stories.get(runId);
    const folded = this.fold(runId);
    if (!story || !folded) return;
    const row = folded.rows.find((each) => each.rowId === jobId);
    this.closed.delete(runId);
    const jobs = folded.rows.filter((each) => each.kind === "job").length;
    const teller = new Teller(runId.slice(-6), Date.now() + 60, story.events, jobs);
    if (row?.kind !== "job" || row.status !== "stuck") {
      teller.tell({
        type: "CommandRefused",
        command: "RetryJob",
        code: "JobNotStuck",
        message: `${jobId} is not stuck any more.`,
        jobId,
        action,
      });
      return;
    }
    teller.tell(
      { type: "JobRetried", jobId, action, ...(input === undefined ? {} : { input }) },
      { type: "AttemptRequested", jobId, attempt: row.attempts.length + 1 },
    );
    story.afterRetry?.(teller, jobId);
  }

  append(runId: string, tell: (teller: Teller) => void): void {
    const story = this.stories.get(runId);
    if (!story) return;
    this.closed.delete(runId);
    const now = Date.now();
    const later = story.events.findIndex(({ at }) => at > now);
    if (later >= 0) story.events.splice(later);
    const jobs = this.fold(runId)?.rows.filter((each) => each.kind === "job").length ?? 0;
    tell(new Teller(runId.slice(-6), now + 60, story.events, jobs));
  }

  action(runId: string, actionId: string): ActionView | undefined {
    return this.fold(runId)?.actions.find((each) => each.actionId === actionId);
  }
}

export function countByStatus(runs: readonly RunSummary[]): Record<ShownStatus, number> {
  const counts = { running: 0, waiting: 0, stuck: 0, completed: 0, failed: 0, cancelled: 0, terminated: 0 };
  for (const run of runs) counts[run.shown]++;
  return counts;
}

export interface FakeTrouble {
  readonly leftOut?: readonly LeftOutRecord[];
  readonly undecided?: LiveChange["freshness"]["undecided"];
  /** What is said above every page of trouble that is no partition's. */
  readonly note?: string;
  readonly refusing?: LiveChange["freshness"]["refusing"];
  readonly removedUpTo?: number;
  readonly countedFrom?: number;
  /** What is said of runs that retention removed, by their ids. */
  readonly removedRuns?: Readonly<Record<string, string>>;
}

function uuid(random: () => number): string {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  return `01a2${hex(4)}-${hex(4)}-7${hex(3)}-b${hex(3)}-${hex(12)}`;
}
