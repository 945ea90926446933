import type { AnalyticsAbout } from "@downbeat/api/views";

type Examples = Pick<AnalyticsAbout, "examples">;

/**
 * The statement to go on with when another source is chosen, which may speak another dialect: in an example's place comes the one that asks the same
 * there, or the first. A person's own words stay.
 */
export function statementFor(sql: string, from: Examples, to: Examples): string {
  const example = from.examples.find((each) => each.sql === sql);
  if (example === undefined && sql.trim() !== "") return sql;
  const same = to.examples.find(({ name }) => name === example?.name);
  return (same ?? to.examples[0])?.sql ?? "";
}
