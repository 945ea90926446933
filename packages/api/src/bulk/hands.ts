import type { Context, Services } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import { sleep } from "../live/wake-up.ts";
import { actOn, type BulkAim, outcomeIn } from "./act.ts";
import { approvalOfPart, approvedTargets, type BegunBulk } from "./approved-targets.ts";
import { isBuiltIn } from "./built-in.ts";
import { bulkInputOf } from "./fold-bulk.ts";
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

export function bulkHands(services: Services): BulkHands {
  async function carryOut(input: unknown, attempt: BulkAttempt, acts: boolean): Promise<PartOutput> {
    const part = partInput.parse(input);
    const { signal } = attempt;
    const beat = setInterval(() => attempt.heartbeat(), beatEveryMs);
    try {
      const bulk = await begunBulk(services, attempt);
      const actor = bulk.run.startedBy ?? "nobody";
      const context: Context = { ...services, actor, role: "admin", signal };
      return { outcomes: await outcomesOf(context, bulk, part, acts) };
    } finally {
      clearInterval(beat);
    }
  }

  return {
    async list(input, attempt) {
      const bulk = await begunBulk(services, attempt);
      const { after } = listInput.parse(input);
      if (bulk.input.request !== undefined) return approvedTargets(services, bulk, after);
      // Before that, fewer runs are found by what their labels say.
      await services.masking.ready();
      return listTargets(services, { ...bulk.input, after });
    },
    act: (input, attempt) => carryOut(input, attempt, true),
    look: (input, attempt) => carryOut(input, attempt, false),
  };
}

async function outcomesOf(
  context: Context,
  bulk: BegunBulk,
  part: PartInput,
  acts: boolean,
): Promise<string> {
  const { order, from, targets, waitMs } = part;
  const approval = acts ? await approvalOfPart(context, bulk, part) : undefined;
  const aims = targets.map(
    (target, index): BulkAim => ({
      bulkId: bulk.run.runId,
      order,
      number: from + index,
      target,
      ...(approval !== undefined && { approval }),
    }),
  );
  const first = acts ? await Promise.all(aims.map((aim) => actOn(context, aim))) : [];
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

/** As its history says: who started it, and with what. What the attempt was given could say anything. Waits until the read model has got there. */
async function begunBulk(
  { feed, readModel, lookups, now }: Services,
  { runId, signal }: BulkAttempt,
): Promise<BegunBulk> {
  const until = now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const run = feed.freshness().live ? readModel.run(runId) : undefined;
    if (run !== undefined && readModel.missing(runId) === undefined) {
      // Any code may ask for jobs of this name, in a run that began with anything.
      if (!isBuiltIn(run.workflow)) throw new Error(`${runId} is no bulk action.`);
      const input = bulkInputOf(run);
      if (input === undefined)
        throw new Error(`What ${runId} began with is not a bulk action of this version.`);
      return { run, input };
    }
    if (run !== undefined) await findEvents({ lookups, readModel, actor: "", signal }, runId);
    if (now() > until) throw new Error("The read model has not caught up: it is tried again.");
    await sleep(askEveryMs, signal);
  }
}
