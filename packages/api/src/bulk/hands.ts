import type { Context, Services } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import { sleep } from "../live/wake-up.ts";
import type { ActionOutcome } from "../views.ts";
import { actOn, type BulkAim, outcomeIn } from "./act.ts";
import { approvalOf, approvedTargets } from "./approved-targets.ts";
import { letterOf, outcomeOf } from "./letters.ts";
import { listInput, type PartInput, type PartOutput, partInput, type TargetPage } from "./order.ts";
import { listTargets } from "./targets.ts";

/** What is known of the attempt that is carried out. */
interface BulkAttempt {
  /** Of the bulk action. */
  readonly runId: string;
  readonly signal: AbortSignal;
  heartbeat(): void;
}

/** What the code of a bulk action has done. An attempt that fails is made again, and does nothing twice. */
export interface BulkHands {
  readonly list: (input: unknown, attempt: BulkAttempt) => Promise<TargetPage>;
  /** Acts on some targets, and waits a while for what comes of it. */
  readonly act: (input: unknown, attempt: BulkAttempt) => Promise<PartOutput>;
  /** Only waits. */
  readonly look: (input: unknown, attempt: BulkAttempt) => Promise<PartOutput>;
}

const beatEveryMs = 5_000;
const askEveryMs = 100;
/** For the read model to get to where the attempt was asked for. */
const patienceMs = 20_000;

type Doing = (context: Context, aim: BulkAim) => Promise<ActionOutcome | undefined>;

export function bulkHands(services: Services): BulkHands {
  const actors = new Map<string, string>();

  async function carryOut(input: unknown, attempt: BulkAttempt, doing: Doing): Promise<PartOutput> {
    const part = partInput.parse(input);
    const { runId: bulkId, signal } = attempt;
    const beat = setInterval(() => attempt.heartbeat(), beatEveryMs);
    try {
      const actor = actors.get(bulkId) ?? (await actorOf(services, attempt));
      actors.set(bulkId, actor);
      const context: Context = { ...services, actor, role: "admin", signal };
      return { outcomes: await outcomesOf(context, bulkId, part, doing) };
    } finally {
      clearInterval(beat);
    }
  }

  return {
    async list(input, attempt) {
      await actorOf(services, attempt);
      const asked = listInput.parse(input);
      if (asked.request !== undefined) return approvedTargets(services, attempt.runId, asked.after);
      // Before that, fewer runs are found by what their labels say.
      await services.masking.ready();
      return listTargets(services, asked);
    },
    act: (input, attempt) => carryOut(input, attempt, actOn),
    look: (input, attempt) => carryOut(input, attempt, async () => undefined),
  };
}

async function outcomesOf(
  context: Context,
  bulkId: string,
  { order, from, targets, waitMs }: PartInput,
  doing: Doing,
): Promise<string> {
  const approval = await approvalOf(context, bulkId);
  const aims = targets.map(
    (target, index): BulkAim => ({
      bulkId,
      order,
      number: from + index,
      target,
      ...(approval !== undefined && { approval }),
    }),
  );
  const first = await Promise.all(aims.map((aim) => doing(context, aim)));
  const letters = await Promise.all(
    aims.map(async (aim, index) => {
      const known = first[index];
      const isOver = known !== undefined && known.type !== "pending" && known.type !== "inProgress";
      const outcome = isOver ? known : await outcomeIn(context, aim, waitMs);
      return letterOf(outcomeOf(outcome ?? { type: "pending" }, () => isTaken(context, aim)));
    }),
  );
  context.signal?.throwIfAborted();
  return letters.join("");
}

/** Whether a worker has the attempt that the retry led to. */
function isTaken({ readModel }: Services, aim: BulkAim): boolean {
  const [runId, jobId] = aim.target;
  const { jobs } = readModel.openJobs({ runId, status: ["scheduled"], limit: 500 });
  return !jobs.some((job) => job.jobId === jobId);
}

/** Whoever started the bulk action, as its history says; its input could name anybody. Waits until the read model has got there. */
async function actorOf(
  { feed, readModel, lookups, now }: Services,
  { runId, signal }: BulkAttempt,
): Promise<string> {
  const until = now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const run = feed.freshness().live ? readModel.run(runId) : undefined;
    if (run !== undefined && readModel.missing(runId) === undefined) return run.startedBy ?? "nobody";
    if (run !== undefined) await findEvents({ lookups, readModel, actor: "", signal }, runId);
    if (now() > until) throw new Error("The read model has not caught up: it is tried again.");
    await sleep(askEveryMs, signal);
  }
}
