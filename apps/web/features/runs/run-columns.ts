import type { SavedView } from "@downbeat/api/views";

export type ChosenColumn = NonNullable<SavedView["columns"]>[number];

interface RunColumn {
  readonly id: string;
  readonly title: string;
  /** As the list has it by itself. */
  readonly byItself: boolean;
  /** Of the grid, unless somebody made it wider or narrower. */
  readonly width: string;
  readonly isRight?: boolean;
  /** The server can sort by it, along an index. */
  readonly sort?: "started" | "ended";
}

const fixed: readonly RunColumn[] = [
  { id: "status", title: "Status", byItself: true, width: "104px" },
  { id: "run", title: "Run", byItself: true, width: "196px" },
  { id: "workflow", title: "Workflow", byItself: true, width: "minmax(64px,104px)" },
  { id: "why", title: "Why, or what it waits for", byItself: true, width: "minmax(0,1.15fr)" },
  { id: "labels", title: "Labels", byItself: true, width: "minmax(0,1fr)" },
  { id: "started", title: "Started", byItself: true, width: "100px", isRight: true, sort: "started" },
  { id: "ended", title: "Ended", byItself: false, width: "100px", isRight: true, sort: "ended" },
  { id: "duration", title: "Duration", byItself: true, width: "84px", isRight: true },
  { id: "error", title: "Error", byItself: false, width: "minmax(120px,1fr)" },
  { id: "partition", title: "Partition", byItself: false, width: "72px", isRight: true },
  { id: "events", title: "Events", byItself: false, width: "72px", isRight: true },
];

const ofLabel = "label.";
const longestKey = 60;

/** The key of the label that a column shows; `undefined` of other columns. */
export function labelOf(id: string): string | undefined {
  return id.startsWith(ofLabel) && id.length > ofLabel.length ? id.slice(ofLabel.length) : undefined;
}

function labelColumn(key: string): string {
  return ofLabel + key;
}

/** `undefined` for one that this list does not have: it may be of another release. */
export function runColumn(id: string): RunColumn | undefined {
  const key = labelOf(id);
  if (key === undefined) return fixed.find((column) => column.id === id);
  if (key.length > longestKey) return undefined;
  return { id, title: key, byItself: false, width: "minmax(64px,140px)" };
}

/** The one that leads to the run: without it, rows could not be opened. */
export const lasting = "run";

export const ownColumns: readonly ChosenColumn[] = fixed
  .filter(({ byItself }) => byItself)
  .map(({ id }) => ({ id }));

/** All that can be chosen, in the list's order: those that are chosen first. */
export function choosable(chosen: readonly ChosenColumn[], labelKeys: readonly string[]): RunColumn[] {
  const ids = [
    ...chosen.map(({ id }) => id),
    ...fixed.map(({ id }) => id),
    ...labelKeys.filter((key) => key.length <= longestKey).map(labelColumn),
  ];
  return [...new Set(ids)].flatMap((id) => runColumn(id) ?? []);
}

/** Of a CSS grid. */
export function gridTemplate(chosen: readonly ChosenColumn[]): string {
  return chosen
    .flatMap(({ id, width }) => {
      const column = runColumn(id);
      if (column === undefined) return [];
      return [width === undefined ? column.width : `${width}px`];
    })
    .join(" ");
}

const gap = 16;
const padding = 48;

/** Px, below which the list scrolls sideways. */
export function leastWidth(chosen: readonly ChosenColumn[]): number {
  const widths = chosen.map(({ id, width }) => {
    const [least = "0"] = /\d+/.exec(runColumn(id)?.width ?? "0") ?? [];
    return width ?? Math.max(narrowest, Number(least));
  });
  return widths.reduce((sum, width) => sum + width + gap, padding - gap);
}

const mostColumns = 20;

/** What was kept of a choice; `undefined` where nothing can be made of it. */
export function readColumns(kept: unknown): readonly ChosenColumn[] | undefined {
  if (!Array.isArray(kept)) return undefined;
  const seen = new Set<string>();
  const columns = kept.slice(0, mostColumns).flatMap((entry: unknown): ChosenColumn[] => {
    if (typeof entry !== "object" || entry === null || !("id" in entry)) return [];
    const { id } = entry;
    if (typeof id !== "string" || seen.has(id) || runColumn(id) === undefined) return [];
    seen.add(id);
    const width = "width" in entry && typeof entry.width === "number" ? sizeOf(entry.width) : undefined;
    return [{ id, ...(width !== undefined && { width }) }];
  });
  if (columns.length === 0) return undefined;
  return seen.has(lasting) ? columns : [...columns, { id: lasting }];
}

export const narrowest = 48;
export const widest = 1_200;

/** Px. */
export function sizeOf(width: number): number {
  if (Number.isNaN(width)) return narrowest;
  return Math.round(Math.min(widest, Math.max(narrowest, width)));
}

export function toggled(chosen: readonly ChosenColumn[], id: string): readonly ChosenColumn[] {
  if (id === lasting) return chosen;
  const without = chosen.filter((column) => column.id !== id);
  if (without.length < chosen.length) return without;
  return chosen.length >= mostColumns ? chosen : [...chosen, { id }];
}

/** One place to the left (-1) or right (1). */
export function moved(chosen: readonly ChosenColumn[], id: string, by: -1 | 1): readonly ChosenColumn[] {
  const from = chosen.findIndex((column) => column.id === id);
  const to = from + by;
  const [one, other] = [chosen[from], chosen[to]];
  if (one === undefined || other === undefined) return chosen;
  return chosen.with(from, other).with(to, one);
}

export function resized(chosen: readonly ChosenColumn[], id: string, width: number): readonly ChosenColumn[] {
  return chosen.map((column) => (column.id === id ? { id, width: sizeOf(width) } : column));
}
