/** Whether something happened that what is shown may have to do with: in this run, or without one in any. */
export function mayConcern(
  { runs, more }: { readonly runs: readonly { readonly runId: string }[]; readonly more: boolean },
  runId?: string,
): boolean {
  return more || (runId === undefined ? runs.length > 0 : runs.some((run) => run.runId === runId));
}
