interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** Without what was said of the same place before: a number can be beyond several bounds of one rule, whose sentence names them all. */
export function eachOnce<Given extends Issue>(issues: readonly Given[]): Given[] {
  const first = new Map<string, Given>();
  for (const issue of issues) {
    const said = JSON.stringify([issue.message, issue.path.map(String)]);
    if (!first.has(said)) first.set(said, issue);
  }
  return [...first.values()];
}
