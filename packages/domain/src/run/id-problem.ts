/** Why the id can't be a new run's, as a sentence; nothing when it can. Ids that were given before this was asked for stay what they are. */
export function idProblem(runId: string): string | undefined {
  if (runId === runId.normalize("NFC")) return undefined;
  return "The run id is not in Unicode's normal form NFC, so it would look like another id and be a different one: give its normalize() instead.";
}
