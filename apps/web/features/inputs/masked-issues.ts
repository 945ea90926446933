const masked = "•••";

interface Issue {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Where a masked value stands that nobody can put back: it was never kept. */
export function maskedIssues(value: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  const look = (part: unknown, path: readonly (string | number)[]): void => {
    if (typeof part === "string") {
      if (part.includes(masked))
        issues.push({ message: "Enter this value: it is personal, so it was not saved.", path });
    } else if (Array.isArray(part)) {
      for (const [index, each] of part.entries()) look(each, [...path, index]);
    } else if (typeof part === "object" && part !== null)
      for (const [name, each] of Object.entries(part)) look(each, [...path, name]);
  };
  look(value, []);
  return issues;
}
