import type { TimelineRow } from "@downbeat/api/views";
import { isUnasked, lastBefore, wakers } from "./causes.ts";
import type { Entry } from "./groups.ts";

export interface GraphNode {
  readonly key: string;
  readonly entry: Entry;
  /** From the left, and from the top. */
  readonly column: number;
  readonly lane: number;
}

/**
 * - `because`: the one was asked for when the other had ended
 * - `over`: it was over by then as well, and nothing else was asked for because of it: as where several are awaited together
 * - `again`: back to a group that stands further left, as a loop goes
 */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "because" | "over" | "again";
}

export interface RunGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly columns: number;
  readonly lanes: number;
  /** So many more steps there are, which are not in it. */
  readonly left: number;
}

export const mostNodes = 300;

/**
 * What was asked for because of what: each step stands right of what brought it about. A group is one node.
 *
 * @param entries with all groups closed
 */
export function runGraph(entries: readonly Entry[]): RunGraph {
  const steps = entries
    .map((entry) => ({ entry, key: entry.key, rows: rowsOf(entry).filter((row) => !isUnasked(row)) }))
    .filter(({ rows }) => rows.length > 0)
    .sort((one, other) => firstOf(one.rows) - firstOf(other.rows));
  const shown = steps.slice(0, mostNodes);
  const keyOf = new Map<string, string>();
  const order = new Map<string, number>();
  for (const [index, { key, rows }] of shown.entries()) {
    order.set(key, index);
    for (const { rowId } of rows) keyOf.set(rowId, key);
  }
  const edges = edgesOf(shown, keyOf, order);
  const nodes = placed(shown, edges);
  return {
    nodes,
    edges,
    columns: 1 + Math.max(-1, ...nodes.map(({ column }) => column)),
    lanes: 1 + Math.max(-1, ...nodes.map(({ lane }) => lane)),
    left: steps.length - shown.length,
  };
}

interface Step {
  readonly entry: Entry;
  readonly key: string;
  readonly rows: readonly TimelineRow[];
}

function rowsOf(entry: Entry): readonly TimelineRow[] {
  return entry.kind === "group" ? entry.rows : [entry.row];
}

function firstOf(rows: readonly TimelineRow[]): number {
  return rows.reduce((first, row) => Math.min(first, row.firstSeq), Number.POSITIVE_INFINITY);
}

function edgesOf(
  steps: readonly Step[],
  keyOf: ReadonlyMap<string, string>,
  order: ReadonlyMap<string, number>,
): readonly GraphEdge[] {
  const ended = wakers(steps.flatMap(({ rows }) => rows));
  const edges = new Map<string, GraphEdge>();
  const led = new Set<string>();
  const add = (from: string, to: string, kind: GraphEdge["kind"]): void => {
    const key = JSON.stringify([from, to]);
    if (!edges.has(key)) edges.set(key, { from, to, kind });
  };
  for (const { key, rows } of steps)
    for (const { firstSeq } of rows) {
      const cause = lastBefore(ended, firstSeq);
      const from = cause === undefined ? undefined : keyOf.get(cause.rowId);
      if (from === undefined || from === key) continue;
      led.add(from);
      add(from, key, (order.get(from) ?? 0) < (order.get(key) ?? 0) ? "because" : "again");
    }
  const over = new Set(ended);
  // What led to nothing was awaited together with what did: it meets it in the next step.
  for (const { key, rows } of steps) {
    if (led.has(key)) continue;
    const last = rows.reduce((latest, row) => Math.max(latest, row.lastSeq), 0);
    if (!rows.every((row) => over.has(row))) continue;
    const next = steps.find((step) => firstOf(step.rows) > last);
    if (next !== undefined && next.key !== key) add(key, next.key, "over");
  }
  return [...edges.values()];
}

/** Right of all that it comes from; in the lane of the first of these, if that is free, or the nearest below. */
function placed(steps: readonly Step[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  const incoming = Map.groupBy(
    edges.filter(({ kind }) => kind !== "again"),
    ({ to }) => to,
  );
  const nodes = new Map<string, GraphNode>();
  const taken = new Set<string>();
  for (const { key, entry } of steps) {
    const parents = (incoming.get(key) ?? []).flatMap(({ from, kind }) => {
      const node = nodes.get(from);
      return node === undefined ? [] : [{ node, kind }];
    });
    const column = parents.reduce((least, { node }) => Math.max(least, node.column + 1), 0);
    const beside = parents.find(({ kind }) => kind === "because") ?? parents[0];
    let lane = beside?.node.lane ?? 0;
    while (taken.has(`${column}/${lane}`)) lane++;
    taken.add(`${column}/${lane}`);
    nodes.set(key, { key, entry, column, lane });
  }
  return [...nodes.values()];
}
