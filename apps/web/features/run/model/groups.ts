import type { JobRow } from "@downbeat/api/views";
import type { PlacedRow } from "../timeline/order.ts";
import type { ShownRow } from "../timeline/still-rows.ts";

/** A line of the timeline: a row, or many equal ones. */
export type Entry = RowEntry | GroupEntry;

export interface RowEntry {
  readonly kind: "row";
  readonly key: string;
  readonly row: ShownRow;
  /** It undoes something. */
  readonly isUndo: boolean;
  /** It stands in an open group. */
  readonly isMember: boolean;
}

export interface GroupEntry {
  readonly kind: "group";
  readonly key: string;
  readonly jobType: string;
  readonly rows: readonly JobRow[];
  readonly isUndo: boolean;
  readonly isOpen: boolean;
}

/** Fewer are read faster one by one. */
export const fewestOfGroup = 10;

/** Rows with equal keys say the same. What went wrong, or needs a person, says something of its own. */
function groupKey({ row, isUndo }: PlacedRow): string | undefined {
  if (row.kind !== "job" || !quiet.has(row.status)) return undefined;
  return `${isUndo ? "undo" : "do"}:${row.jobType}`;
}

const quiet: ReadonlySet<string> = new Set<JobRow["status"]>([
  "scheduled",
  "running",
  "completed",
  "cancelled",
  "abandoned",
]);

/** How many rows there are of each key. */
function countKeys(placed: readonly PlacedRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const each of placed) {
    const key = groupKey(each);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * Many equal rows become one, which stands where the first of them stood; opened, they follow it. All others keep their order.
 *
 * @param isOpen whether the group of this key is
 */
export function groupRows(placed: readonly PlacedRow[], isOpen: (key: string) => boolean): readonly Entry[] {
  const counts = countKeys(placed);
  const members = new Map<string, PlacedRow[]>();
  for (const each of placed) {
    const key = groupKey(each);
    if (key === undefined || (counts.get(key) ?? 0) < fewestOfGroup) continue;
    const known = members.get(key);
    if (known === undefined) members.set(key, [each]);
    else known.push(each);
  }
  const entries: Entry[] = [];
  const done = new Set<string>();
  for (const each of placed) {
    const key = groupKey(each);
    const group = key === undefined ? undefined : members.get(key);
    if (key === undefined || group === undefined) {
      entries.push(entryOf(each, false));
      continue;
    }
    if (done.has(key)) continue;
    done.add(key);
    const rows = group.flatMap(({ row }) => (row.kind === "job" ? [row] : []));
    const [first] = rows;
    if (first === undefined) continue;
    const isGroupOpen = isOpen(key);
    entries.push({
      kind: "group",
      key,
      jobType: first.jobType,
      rows,
      isUndo: each.isUndo,
      isOpen: isGroupOpen,
    });
    if (isGroupOpen) for (const member of group) entries.push(entryOf(member, true));
  }
  return entries;
}

function entryOf({ row, isUndo }: PlacedRow, isMember: boolean): RowEntry {
  return { kind: "row", key: row.rowId, row, isUndo, isMember };
}

/** The key of the group that a row is in, if it is in one. */
export function groupOfRow(placed: readonly PlacedRow[], rowId: string): string | undefined {
  const found = placed.find(({ row }) => row.rowId === rowId);
  const key = found === undefined ? undefined : groupKey(found);
  return key !== undefined && (countKeys(placed).get(key) ?? 0) >= fewestOfGroup ? key : undefined;
}

export interface GroupSum {
  readonly count: number;
  readonly open: number;
  readonly completed: number;
  readonly retried: number;
  readonly from: number;
  /** Absent while one is open. */
  readonly to?: number;
}

export function sumOfGroup(rows: readonly JobRow[]): GroupSum {
  let [open, completed, retried] = [0, 0, 0];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row.to === undefined) open++;
    else to = Math.max(to, row.to);
    if (row.status === "completed") completed++;
    if (row.attempts.length > 1) retried++;
    from = Math.min(from, row.from);
  }
  return { count: rows.length, open, completed, retried, from, ...(open === 0 && { to }) };
}

/** What a reader has seen of rows that became groups since. */
export interface SeenRows {
  /** Keys of too few rows for a group. */
  readonly alone: ReadonlySet<string>;
  /** Keys of groups that formed while these rows were looked at. */
  readonly grown: ReadonlySet<string>;
}

export const nothingSeen: SeenRows = { alone: new Set(), grown: new Set() };

/** Rows that were there one by one don't vanish into a group when a live run brings the tenth: that group is to begin open. */
export function seenRows(before: SeenRows, placed: readonly PlacedRow[]): SeenRows {
  const alone = new Set<string>();
  const grown = new Set(before.grown);
  for (const [key, count] of countKeys(placed))
    if (count < fewestOfGroup) alone.add(key);
    else if (before.alone.has(key)) grown.add(key);
  return { alone, grown: grown.size === before.grown.size ? before.grown : grown };
}
