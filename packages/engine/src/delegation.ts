/** Which workflows' code lives in workers, and is asked through the log. */
export interface Delegation {
  /** Whether the runs of the workflow that start here are asked there. What a run began with holds to its end. */
  takes(workflow: string): boolean;
  /** Whether a worker is there that hosts the workflow; `undefined` where that is not known. */
  isHosted(workflow: string): boolean | undefined;
}

export const noDelegation: Delegation = { takes: () => false, isHosted: () => undefined };
