import { isEncrypted } from "@downbeat/domain";
import { nearestName } from "@downbeat/protocol";
import { BoundedChecks } from "./bounded-checks.ts";
import type { HandedOver } from "./handed-over.ts";
import type { KnownWorkflows } from "./known-workflows.ts";
import { misfit } from "./misfit.ts";

/** Which workflows' code lives in workers, and is asked through the log. */
export interface Delegation {
  /** Whether the runs of the workflow that start here are asked there. What a run began with holds to its end. */
  takes(workflow: string): boolean;
  /** Why none can be started, in a sentence; nothing where one can. */
  problemWith(workflow: string): Promise<string | undefined>;
  /** Why what comes from outside fits none of the schemas that workers have announced for it, in a sentence; nothing where it fits one, or nobody knows. */
  misfit(handed: HandedOver): Promise<string | undefined>;
  /** Builds of the workers that are there and host the workflow; `undefined` where that is not known. */
  buildsOf(workflow: string): readonly string[] | undefined;
}

export const noDelegation: Delegation = {
  takes: () => false,
  problemWith: async () => undefined,
  misfit: async () => undefined,
  buildsOf: () => undefined,
};

/** Everything but the workflows that the engine's own process hosts is asked of workers, as soon as one has ever announced it. */
export class DelegatedToWorkers implements Delegation {
  readonly #inProcess: readonly string[];
  readonly #known: KnownWorkflows;
  readonly #checks = new BoundedChecks();

  constructor(inProcess: readonly string[], known: KnownWorkflows) {
    this.#inProcess = inProcess;
    this.#known = known;
  }

  takes(workflow: string): boolean {
    return !this.#inProcess.includes(workflow);
  }

  async problemWith(workflow: string): Promise<string | undefined> {
    if (this.#known.knows(workflow) || this.#known.isHosted(workflow) === undefined) return undefined;
    // It may have been announced a moment ago.
    await this.#known.caughtUp();
    if (this.#known.knows(workflow)) return undefined;
    const nearest = this.#known.nearest(workflow) ?? nearestName(workflow, this.#inProcess);
    const meant = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
    return `There is no workflow ${workflow}: no worker has announced it.${meant}`;
  }

  async misfit(handed: HandedOver): Promise<string | undefined> {
    // What is in it, those who have the key look at: the client that sends it, and the worker that is given it.
    if (isEncrypted(handed.value)) return undefined;
    if (this.#misfit(handed) === undefined && !this.#known.lacksSchemasFor(handed)) return undefined;
    // Workers with other schemas may have come a moment ago.
    await this.#known.caughtUp();
    return this.#misfit(handed);
  }

  #misfit(handed: HandedOver): string | undefined {
    return misfit(handed, this.#known.schemasFor(handed) ?? [], this.#checks);
  }

  buildsOf(workflow: string): readonly string[] | undefined {
    return this.#known.buildsOf(workflow);
  }
}
