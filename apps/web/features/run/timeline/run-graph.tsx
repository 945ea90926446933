"use client";

import { clsx } from "clsx";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { toneText } from "@/components/tone.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { type GraphEdge, type GraphNode, runGraph } from "../model/graph.ts";
import { type Entry, groupRows, sumOfGroup } from "../model/groups.ts";
import { placeRows } from "./order.ts";
import { rowLook, rowName } from "./row-texts.ts";
import type { ShownRow } from "./still-rows.ts";

interface RunGraphViewProps {
  readonly rows: readonly ShownRow[];
  readonly now: number;
  /** What is set off, while the critical path is shown. */
  readonly onPath: ReadonlySet<string> | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (rowId: string | undefined) => void;
}

const node = { width: 176, height: 40, columnGap: 44, laneGap: 14, margin: 24 };
const xOf = (column: number) => node.margin + column * (node.width + node.columnGap);
const yOf = (lane: number) => node.margin / 2 + lane * (node.height + node.laneGap);

/** What was asked for because of what. */
export function RunGraphView({ rows, now, onPath, selected, onSelect }: RunGraphViewProps) {
  const graph = useMemo(() => runGraph(groupRows(placeRows(rows), () => false)), [rows]);
  const byKey = useMemo(() => new Map(graph.nodes.map((each) => [each.key, each])), [graph]);
  const frame = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState<string>();
  if (graph.nodes.length === 0)
    return <p className="px-6 py-6 text-center text-ink-2">Its code has asked for nothing.</p>;
  const chosen = graph.nodes.find(({ entry }) => isOf(entry, selected))?.key;
  const entrance = chosen ?? reached ?? graph.nodes[0]?.key;

  function onKeyDown(event: KeyboardEvent): void {
    const from = byKey.get(reached ?? entrance ?? "");
    const next = from === undefined ? undefined : neighbour(graph.nodes, from, event.key);
    if (next === undefined) return;
    event.preventDefault();
    setReached(next.key);
    frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next.key)}"]`)?.focus();
  }

  const width = xOf(graph.columns) - node.columnGap + node.margin;
  const height = yOf(graph.lanes) - node.laneGap + node.margin / 2;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: no group of inputs */}
      <div
        ref={frame}
        role="group"
        aria-label="Graph of the run: each step stands right of what it was asked for because of. Arrow keys move."
        onKeyDown={onKeyDown}
        className="max-h-[42vh] overflow-auto"
      >
        <div className="relative" style={{ width, height }}>
          <svg aria-hidden width={width} height={height} className="absolute inset-0 fill-none">
            {graph.edges.map((edge) => (
              <path
                key={`${edge.from} ${edge.to}`}
                d={curve(edge, byKey)}
                strokeDasharray={edge.kind === "because" ? undefined : "3 4"}
                className={clsx(
                  "stroke-line-strong",
                  onPath !== undefined && !isOnPath(edge, byKey, onPath) && "opacity-30",
                )}
                strokeWidth={1.5}
              />
            ))}
          </svg>
          {graph.nodes.map((each) => (
            <Node
              key={each.key}
              node={each}
              now={now}
              after={graph.edges
                .filter(({ to, kind }) => to === each.key && kind !== "again")
                .flatMap(({ from }) => {
                  const before = byKey.get(from);
                  return before === undefined ? [] : [nameOf(before.entry)];
                })}
              isEntrance={each.key === entrance}
              isSelected={each.key === chosen}
              isDimmed={onPath !== undefined && !touches(each.entry, onPath)}
              onSelect={() => {
                setReached(each.key);
                onSelect(firstRow(each.entry));
              }}
            />
          ))}
        </div>
      </div>
      {graph.left === 0 ? null : (
        <p className="px-6 py-1 text-ink-2">
          {plural(graph.left, "later step")} {graph.left === 1 ? "is" : "are"} not drawn: the timeline and the
          table have all of them.
        </p>
      )}
    </>
  );
}

interface NodeProps {
  readonly node: GraphNode;
  readonly now: number;
  readonly after: readonly string[];
  readonly isEntrance: boolean;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
  readonly onSelect: () => void;
}

function Node({ node: { key, entry, column, lane }, now, after, ...state }: NodeProps) {
  const { isEntrance, isSelected, isDimmed, onSelect } = state;
  const look = entry.kind === "row" ? rowLook(entry.row) : undefined;
  const Icon = look?.icon;
  return (
    <button
      type="button"
      data-node={key}
      tabIndex={isEntrance ? 0 : -1}
      aria-pressed={isSelected}
      onClick={onSelect}
      title={`${nameOf(entry)}${look === undefined ? "" : `: ${look.meaning}`}`}
      className={clsx(
        "absolute flex items-center gap-2 rounded-md border px-2 text-left",
        isSelected ? "border-accent bg-accent-soft" : "border-line-strong bg-surface hover:bg-hover",
        isDimmed && "opacity-40",
      )}
      style={{ left: xOf(column), top: yOf(lane), width: node.width, height: node.height }}
    >
      {Icon === undefined || look === undefined ? null : (
        <Icon aria-hidden size={14} strokeWidth={2.25} className={clsx("shrink-0", toneText[look.tone])} />
      )}
      <span className="min-w-0 flex-1">
        <span className="block truncate leading-4">{nameOf(entry)}</span>
        <span className="block truncate text-ink-3 text-small leading-4">{elapsedOf(entry, now)}</span>
      </span>
      <span className="sr-only">
        {look?.word}
        {after.length === 0 ? ", the first" : `, after ${after.join(" and ")}`}
      </span>
    </button>
  );
}

function nameOf(entry: Entry): string {
  if (entry.kind === "group") return `${entry.jobType} × ${formatCount(entry.rows.length)}`;
  return `${entry.isUndo ? "undo: " : ""}${rowName(entry.row)}`;
}

function elapsedOf(entry: Entry, now: number): string {
  const { from, to } = entry.kind === "group" ? sumOfGroup(entry.rows) : entry.row;
  return to === undefined ? formatRunningDuration(now - from) : formatDuration(to - from);
}

function firstRow(entry: Entry): string | undefined {
  return entry.kind === "group" ? entry.rows[0]?.rowId : entry.row.rowId;
}

function isOf(entry: Entry, rowId: string | undefined): boolean {
  if (rowId === undefined) return false;
  return entry.kind === "group" ? entry.rows.some((row) => row.rowId === rowId) : entry.row.rowId === rowId;
}

function touches(entry: Entry, onPath: ReadonlySet<string>): boolean {
  return entry.kind === "group"
    ? entry.rows.some(({ rowId }) => onPath.has(rowId))
    : onPath.has(entry.row.rowId);
}

function isOnPath(
  { from, to, kind }: GraphEdge,
  byKey: ReadonlyMap<string, GraphNode>,
  onPath: ReadonlySet<string>,
): boolean {
  const [one, other] = [byKey.get(from), byKey.get(to)];
  if (one === undefined || other === undefined || kind !== "because") return false;
  return touches(one.entry, onPath) && touches(other.entry, onPath);
}

/** From the right of the one to the left of the other; a way back goes below. */
function curve({ from, to, kind }: GraphEdge, byKey: ReadonlyMap<string, GraphNode>): string {
  const [one, other] = [byKey.get(from), byKey.get(to)];
  if (one === undefined || other === undefined) return "";
  if (kind === "again") {
    const y = yOf(one.lane) + node.height;
    const [x1, x2] = [xOf(one.column) + node.width / 2, xOf(other.column) + node.width / 2];
    const low = Math.max(y, yOf(other.lane) + node.height) + node.laneGap - 3;
    return `M${x1} ${y}C${x1} ${low} ${x2} ${low} ${x2} ${yOf(other.lane) + node.height}`;
  }
  const [x1, y1] = [xOf(one.column) + node.width, yOf(one.lane) + node.height / 2];
  const [x2, y2] = [xOf(other.column), yOf(other.lane) + node.height / 2];
  const bend = node.columnGap / 2;
  // Straight through its own lane, and over to the other's just before it.
  return `M${x1} ${y1}H${x2 - node.columnGap}C${x2 - bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** The nearest node in the direction of an arrow key. */
function neighbour(nodes: readonly GraphNode[], from: GraphNode, key: string): GraphNode | undefined {
  const isThere: Readonly<Record<string, (to: GraphNode) => boolean>> = {
    ArrowRight: (to) => to.column > from.column,
    ArrowLeft: (to) => to.column < from.column,
    ArrowDown: (to) => to.column === from.column && to.lane > from.lane,
    ArrowUp: (to) => to.column === from.column && to.lane < from.lane,
  };
  const fits = isThere[key];
  if (fits === undefined) return undefined;
  const distance = (to: GraphNode) => Math.abs(to.column - from.column) * 100 + Math.abs(to.lane - from.lane);
  return nodes.filter(fits).sort((one, other) => distance(one) - distance(other))[0];
}
