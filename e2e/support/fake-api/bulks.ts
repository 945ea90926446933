import type { BulkOutcome, BulkPreview, BulkTargetView, BulkView } from "@downbeat/api/views";
import { TRPCError } from "@trpc/server";
import type { World } from "./world.ts";

export interface FakeTarget {
  readonly runId: string;
  readonly jobId: string;
}

interface FakeBulk {
  readonly bulkId: string;
  readonly reason: string;
  readonly about: string;
  readonly startedAt: number;
  readonly targets: readonly FakeTarget[];
}

/** Retries of many at once; all are sent at their start, and time makes their outcomes. */
export class FakeBulks {
  readonly #world: World;
  readonly #all = new Map<string, FakeBulk>();

  constructor(world: World) {
    this.#world = world;
  }

  preview(targets: readonly FakeTarget[]): BulkPreview {
    return { count: targets.length, refusals: [], first: targets.slice(0, 10), asOf: Date.now() };
  }

  start(
    { reason, about }: Pick<FakeBulk, "reason" | "about">,
    targets: readonly FakeTarget[],
    id: string,
  ): string {
    const bulkId = `bulk-${id}`;
    if (this.#all.has(bulkId)) return bulkId;
    this.#all.set(bulkId, { bulkId, reason, about, startedAt: Date.now(), targets });
    for (const [number, { runId, jobId }] of targets.entries())
      this.#world.retry(runId, jobId, { actionId: `${bulkId}-${number}`, actor: "maria", reason });
    return bulkId;
  }

  list(): { readonly bulks: readonly BulkView[]; readonly count: number } {
    const bulks = [...this.#all.keys()].map((bulkId) => this.get(bulkId)).reverse();
    return { bulks, count: bulks.length };
  }

  get(bulkId: string): BulkView {
    const { targets, ...bulk } = this.#find(bulkId);
    const outcomes: Partial<Record<BulkOutcome, number>> = {};
    for (const { outcome } of this.targets(bulkId).targets) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const isOpen = outcomes.underWay !== undefined || outcomes.notPickedUp !== undefined;
    return {
      ...bulk,
      verb: "retryJob",
      startedBy: "maria",
      state: isOpen ? "looking" : "done",
      targets: targets.length,
      sent: targets.length,
      outcomes,
    };
  }

  targets(
    bulkId: string,
    asked?: string,
  ): { readonly targets: readonly BulkTargetView[]; readonly count: number } {
    const all = this.#find(bulkId).targets.map((target, number): BulkTargetView => {
      const outcome = this.#world.action(target.runId, `${bulkId}-${number}`)?.outcome;
      const message = outcome?.type === "failedAgain" ? outcome.failure.message : undefined;
      return { number, ...target, outcome: nameOf(outcome?.type), ...(message !== undefined && { message }) };
    });
    const targets = all.filter(({ outcome }) => asked === undefined || outcome === asked);
    return { targets, count: targets.length };
  }

  #find(bulkId: string): FakeBulk {
    const found = this.#all.get(bulkId);
    if (found === undefined)
      throw new TRPCError({ code: "NOT_FOUND", message: `There is no bulk action ${bulkId}.` });
    return found;
  }
}

function nameOf(type: string | undefined): BulkOutcome {
  if (type === "recovered" || type === "failedAgain" || type === "refused") return type;
  return type === "inProgress" ? "underWay" : "notPickedUp";
}
