/** What a worker is to do with one test file. */
export interface MutationTask {
  readonly journal: string;
  /** The numbers of all mutants lie below this. */
  readonly end: number;
  /** Mutants that nothing has killed yet. */
  readonly pending: readonly number[];
  /** Tests that were carried out with all their mutants, in this round or before. */
  readonly tested: readonly string[];
  /** Slower tests are left for a later round, when fewer mutants are alive. */
  readonly slowestMs: number;
  /** Mutants for each of which the files are imported again, as they are reached by importing. */
  readonly imported: readonly number[] | null;
}

declare module "vitest" {
  interface ProvidedContext {
    mutation: MutationTask;
  }
}
