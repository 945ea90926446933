import { isRangePreset, rangePresets, type TimeRange } from "../lib/time-range.ts";
import type { Command } from "./commands.ts";

export interface RangeCommandOptions {
  /** "All time" is a choice. */
  readonly allowAll?: boolean;
  /** Why no period can be chosen now. */
  readonly refusal?: string | undefined;
}

/** What the page's choice of a period offers, for the palette. */
export function rangeCommands(
  range: TimeRange,
  onChange: (range: TimeRange) => void,
  { allowAll = false, refusal }: RangeCommandOptions = {},
): Command[] {
  const command = (id: string, words: string, isShown: boolean, next: TimeRange): Command => ({
    id: `range-${id}`,
    label: `Show ${words}`,
    group: "This page",
    refusal: refusal ?? (isShown ? "Already shown" : undefined),
    run: () => onChange(next),
  });
  return [
    ...(allowAll ? [command("all", "all time", range.type === "all", { type: "all" })] : []),
    ...Object.entries(rangePresets).flatMap(([preset, { label }]) => {
      if (!isRangePreset(preset)) return [];
      const isShown = range.type === "last" && range.preset === preset;
      return [command(preset, `the ${label.toLowerCase()}`, isShown, { type: "last", preset })];
    }),
  ];
}
