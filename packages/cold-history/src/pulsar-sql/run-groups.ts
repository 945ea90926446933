import { foldedLabel, type LabelClause } from "@downbeat/domain";
import { clausesOf, plainPart } from "@downbeat/read-model/rules";
import type { RunFilter, ShownStatus } from "@downbeat/read-model/views";
import { z } from "zod";
import { joined, type Sql, sql } from "./sql.ts";

/** How runs end, and what they are called then. */
const endings = {
  RunCompleted: "completed",
  RunFailed: "failed",
  RunCancelled: "cancelled",
  RunTerminated: "terminated",
} as const satisfies Readonly<Record<string, ShownStatus>>;

type Ending = (typeof endings)[keyof typeof endings];

/** A run as far as the first look knows it. */
export interface Candidate {
  readonly runId: string;
  /** By what the list is sorted. */
  readonly at: number;
  readonly partition: number;
  readonly seq: number;
}

/** Runs that ended alike. */
export interface RunGroup {
  /** Absent: they are open. */
  readonly ending: Ending | undefined;
  readonly workflow: string;
  readonly count: number;
  /** The first of them in the list's order. */
  readonly first: readonly Candidate[];
}

export interface GroupQuery {
  readonly filter: Pick<
    RunFilter,
    "workflow" | "labels" | "where" | "text" | "content" | "from" | "to" | "by"
  >;
  /** For runs that are over; of open ones the first are wanted whatever the page is, to tell them apart. */
  readonly before?: { readonly at: number; readonly runId: string } | undefined;
  readonly byWorkflow: boolean;
  /** How many of each group are wanted themselves. */
  readonly first: number;
}

export const endTypes = sql`t -> t IN ('RunCompleted', 'RunFailed', 'RunCancelled', 'RunTerminated')`;

/**
 * One row a group: ending, workflow, count, and its first runs as JSON. The runs are folded from their decisions in one pass; a text is looked for
 * coarsely, so what it finds is to be looked at again.
 */
export function groupsStatement(decisions: Sql, query: GroupQuery): Sql {
  const { filter, before, byWorkflow, first } = query;
  const hasLabels = needsLabels(filter);
  const at = filter.by === "ended" ? sql`ended` : sql`started`;
  const conditions = [
    sql`${at} >= ${filter.from ?? 0}`,
    sql`${at} < ${filter.to ?? Number.MAX_SAFE_INTEGER}`,
    ...(filter.workflow === undefined ? [] : [sql`workflow = ${filter.workflow}`]),
    ...clausesOf(filter).flatMap(mayFit),
    ...(filter.text === undefined ? [] : [containsText(filter.text)]),
    ...(filter.content === undefined ? [] : [sql`has_content`]),
  ];
  const later =
    before === undefined
      ? sql``
      : sql`FILTER (WHERE ending IS NULL OR ${at} < ${before.at} OR (${at} = ${before.at} AND runid < ${before.runId}))`;
  const labels = hasLabels ? sql`, ${labelsColumn}` : sql``;
  const content = filter.content === undefined ? sql`` : sql`, ${contentColumn(filter.content)}`;
  const workflow = byWorkflow ? sql`workflow` : sql`''`;
  return sql`
    SELECT ending, ${workflow}, count(*),
      json_format(CAST(max_by(${candidate(at)}, ROW(${at}, runid), ${first}) ${later} AS JSON))
    FROM (
      SELECT runid, max(partition) AS partition, max(workflow) AS workflow,
        min(CASE WHEN seq = 1 THEN at END) AS started,
        max(CASE WHEN ending IS NOT NULL THEN at END) AS ended,
        max(ending) AS ending, max(seq + cardinality(events)) - 1 AS seq ${labels} ${content}
      FROM (
        SELECT *, element_at(filter(transform(events, x -> x.type), ${endTypes}), 1) AS ending
        FROM (${decisions})
      )
      GROUP BY runid
    )
    WHERE ${joined(conditions, " AND ")}
    GROUP BY 1, 2`;
}

/** Whether the first look can't do without the labels, which only the start of a run and `LabelsSet` hold. */
export function needsLabels(filter: Pick<RunFilter, "labels" | "where" | "text">): boolean {
  return filter.text !== undefined || clausesOf(filter).length > 0;
}

/** Coarsely, too: some label has one of the values. What else a condition asks is looked at run by run. */
function mayFit(clause: LabelClause): Sql[] {
  const values = clause.flatMap(({ test, not, value = "" }) =>
    test === "is" && not !== true ? [foldedLabel(value)] : [],
  );
  if (values.length < clause.length) return [];
  const any = values.map((value) => sql`any_match(map_values(labels), x -> lower(x) = ${value})`);
  return [sql`(${joined(any, " OR ")})`];
}

const noLabels = sql`CAST(map() AS map(varchar, varchar))`;
/** Of one decision; later values win. */
const decisionLabels = sql`reduce(events, ${noLabels}, (s, x) -> map_concat(s, coalesce(x.labels, ${noLabels})), s -> s)`;
const labelsColumn = sql`reduce(
  array_agg(${decisionLabels} ORDER BY seq), ${noLabels}, (s, x) -> map_concat(s, x), s -> s) AS labels`;

function containsText(text: string): Sql {
  const wanted = text.trim().toLowerCase();
  return sql`(strpos(lower(runid), ${wanted}) > 0 OR starts_with(lower(workflow), ${wanted})
    OR any_match(map_values(labels), x -> strpos(lower(x), ${wanted}) > 0))`;
}

/** Coarsely, as its escapes are those of JSON within JSON. */
function contentColumn(content: string): Sql {
  const part = plainPart(content);
  const event = sql`replace(lower(json_format(CAST(x AS JSON))), ${"ς"}, ${"σ"})`;
  return sql`bool_or(any_match(events, x -> strpos(${event}, ${part}) > 0 OR strpos(${event}, ${"\\u"}) > 0)) AS has_content`;
}

function candidate(at: Sql): Sql {
  return sql`CAST(ROW(runid, ${at}, partition, seq) AS ROW(runid varchar, at bigint, partition bigint, seq bigint))`;
}

const candidates = z.array(
  z.object({ runid: z.string(), at: z.number(), partition: z.number(), seq: z.number() }),
);
const groupRow = z.tuple([
  z.enum(["RunCompleted", "RunFailed", "RunCancelled", "RunTerminated"]).nullable(),
  z.string(),
  z.number(),
  z.string().nullable(),
]);

export function groupsOf(rows: readonly unknown[]): RunGroup[] {
  return rows.map((row) => {
    const [ending, workflow, count, first] = groupRow.parse(row);
    return {
      ending: ending === null ? undefined : endings[ending],
      workflow,
      count,
      first: candidates
        .parse(JSON.parse(first ?? "[]"))
        .map(({ runid, ...rest }) => ({ runId: runid, ...rest })),
    };
  });
}
