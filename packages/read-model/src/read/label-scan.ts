import {
  foldedLabel,
  type LabelClause,
  type LabelCondition,
  type Measure,
  measureOf,
} from "@downbeat/domain";
import { textOf } from "../rows.ts";
import type { RunFilter } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { byId, byNumber, type Part, type Range, type RunScan } from "./run-scan.ts";

/** A condition with the keys that it means, as they are written in the tables. */
interface KnownCondition extends LabelCondition {
  readonly keys: readonly string[];
}

export type KnownClause = readonly KnownCondition[];

/** What a filter says of labels, in either of its ways. */
export function clausesOf({ labels = {}, where = [] }: Pick<RunFilter, "labels" | "where">): LabelClause[] {
  const values = Object.entries(labels).map(([key, value]) => [{ key, test: "is", value } as const]);
  return [...values, ...where];
}

export function knownClauses(db: ReadDatabase, filter: RunFilter): KnownClause[] {
  const clauses = clausesOf(filter);
  if (clauses.length === 0) return [];
  const known = labelKeys(db);
  return clauses.map((clause) =>
    clause.map((condition) => {
      const wanted = foldedLabel(condition.key);
      const keys = known.filter((key) => foldedLabel(key) === wanted);
      return { ...condition, keys: keys.length === 0 ? [condition.key] : keys };
    }),
  );
}

/** Labels have few keys; whoever makes up one a run finds them as they are written. */
const mostKeys = 1_000;

/** In order, each found by one step along the index. */
export function labelKeys(db: ReadDatabase): string[] {
  return db
    .all(
      `WITH RECURSIVE each (key) AS (
        SELECT min(key) FROM labels UNION ALL SELECT (SELECT min(key) FROM labels WHERE key > each.key) FROM each WHERE each.key IS NOT NULL
      ) SELECT key FROM each WHERE key IS NOT NULL LIMIT ${mostKeys}`,
    )
    .map((row) => textOf(row, "key"));
}

/** Walks along the index that give every run of the clause once, where there are such. A run has one value of a key, so those of several values have no run in common. */
export function walksOf(clause: KnownClause, range: Range): RunScan[] | undefined {
  const [first] = clause;
  if (first === undefined || first.keys.length !== 1) return undefined;
  const isOneKey = clause.every(
    ({ test, not, keys }) => test === "is" && not !== true && keys.length === 1 && keys[0] === first.keys[0],
  );
  if (!isOneKey) return undefined;
  const { sql, values } = byNumber("run", range);
  const wanted = new Set(clause.map(({ value = "" }) => foldedLabel(value)));
  return [...wanted].map((value) => ({
    walk: {
      sql: `SELECT run AS id, run AS at FROM labels WHERE key = ? AND folded = ? AND ${sql}`,
      values: [first.keys[0] ?? "", value, ...values],
    },
    order: byId,
    rest: [],
  }));
}

/** A walk for each key whose number or time has to be in between: all its bounds together. */
export function measuredWalks(clauses: readonly KnownClause[], range: Range): RunScan[] {
  const bounds = new Map<string, { readonly key: string; readonly kind: string; readonly parts: Part[] }>();
  for (const [condition, ...others] of clauses) {
    const key = condition?.keys[0];
    const bound = condition === undefined ? undefined : boundOf(condition);
    if (condition?.not === true || others.length > 0 || condition?.keys.length !== 1) continue;
    if (key === undefined || bound === undefined) continue;
    const name = `${bound.kind} ${key}`;
    const known = bounds.get(name);
    if (known === undefined) bounds.set(name, { key, kind: bound.kind, parts: [bound.part] });
    else known.parts.push(bound.part);
  }
  const { sql, values } = byNumber("run", range);
  return Array.from(bounds.values(), ({ key, kind, parts }) => ({
    walk: {
      sql: `SELECT run AS id, run AS at FROM labels INDEXED BY labels_by_measure WHERE key = ? AND kind = ? AND ${parts.map((part) => part.sql).join(" AND ")} AND ${sql}`,
      values: [key, kind, ...parts.flatMap((part) => part.values), ...values],
    },
    order: byId,
    rest: [],
  }));
}

/** As a condition on a candidate. */
export function labelled(clause: KnownClause): Part {
  const parts = clause.map(conditionPart);
  return {
    sql: `(${parts.map(({ sql }) => sql).join(" OR ")})`,
    values: parts.flatMap(({ values }) => values),
  };
}

function conditionPart(condition: KnownCondition): Part {
  const { keys, test, value = "", not = false } = condition;
  const ofKeys = `key IN (${keys.map(() => "?").join(", ")})`;
  const exists = not ? "NOT EXISTS" : "EXISTS";
  if (test === "is")
    return {
      sql: `${exists} (SELECT 1 FROM labels WHERE ${ofKeys} AND folded = ? AND run = c.id)`,
      values: [...keys, foldedLabel(value)],
    };
  const from = `FROM labels INDEXED BY labels_by_run WHERE run = c.id AND ${ofKeys}`;
  if (test === "exists") return { sql: `${exists} (SELECT 1 ${from})`, values: keys };
  const bound = boundOf(condition);
  if (bound === undefined) return { sql: not ? "true" : "false", values: [] };
  return {
    sql: `${exists} (SELECT 1 ${from} AND kind = ? AND ${bound.part.sql})`,
    values: [...keys, bound.kind, ...bound.part.values],
  };
}

const signs = { above: ">", atLeast: ">=", below: "<", atMost: "<=" } as const;

function boundOf({ test, value = "" }: LabelCondition): { kind: Measure["kind"]; part: Part } | undefined {
  const measure = measureOf(value);
  if (test === "is" || test === "exists" || measure === undefined) return undefined;
  return { kind: measure.kind, part: { sql: `measure ${signs[test]} ?`, values: [measure.size] } };
}
