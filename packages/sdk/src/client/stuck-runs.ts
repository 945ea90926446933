import type { Decision } from "@downbeat/protocol";
import type { Past } from "./past-ends.ts";
import { Standing, type StuckReason } from "./standing.ts";

interface Watched {
  holders: number;
  /** `undefined` as long as it isn't known how the run stood when it was first heard of. */
  standing: Standing | undefined;
  /** What was heard until then. */
  heard: Decision[];
  readonly stuck: PromiseWithResolvers<StuckReason>;
}

/** Runs of which somebody wants to know when they are stuck. */
export class StuckRuns {
  readonly #watched = new Map<string, Watched>();

  /** @param past how it stood, asked of history after everything that comes is heard */
  watch(
    runId: string,
    past: () => Promise<Past>,
  ): { readonly stuck: Promise<StuckReason>; readonly forget: () => void } {
    let watched = this.#watched.get(runId);
    if (watched === undefined) {
      watched = { holders: 0, standing: undefined, heard: [], stuck: Promise.withResolvers() };
      this.#watched.set(runId, watched);
      const begun = watched;
      past().then(
        (known) => {
          begun.standing ??= known.is === "open" ? known.standing : new Standing();
          this.#look(runId, begun);
        },
        // The client is closed: whoever waits for the end is told so.
        () => {},
      );
    }
    const held = watched;
    held.holders += 1;
    const forget = (): void => {
      held.holders -= 1;
      if (held.holders === 0 && this.#watched.get(runId) === held) this.#watched.delete(runId);
    };
    return { stuck: held.stuck.promise, forget };
  }

  readonly takeSettled = (decisions: readonly Decision[]): void => {
    if (this.#watched.size === 0) return;
    for (const decision of decisions) {
      const watched = this.#watched.get(decision.runId);
      if (watched === undefined) continue;
      if (decision.seq === 1) watched.standing ??= new Standing();
      watched.heard.push(decision);
      this.#look(decision.runId, watched);
    }
  };

  #look(runId: string, watched: Watched): void {
    if (watched.standing === undefined) return;
    for (const decision of watched.heard.splice(0)) watched.standing.take(decision);
    const reason = watched.standing.stuck;
    if (reason === undefined) return;
    if (this.#watched.get(runId) === watched) this.#watched.delete(runId);
    watched.stuck.resolve(reason);
  }
}
