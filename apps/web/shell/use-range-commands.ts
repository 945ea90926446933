"use client";

import type { TimeRange } from "@/lib/time-range.ts";
import { useCommands } from "./commands-provider.tsx";
import { type RangeCommandOptions, rangeCommands } from "./range-commands.ts";

/** The palette offers what the page's choice of a period does. */
export function useRangeCommands(
  range: TimeRange,
  onChange: (range: TimeRange) => void,
  options?: RangeCommandOptions,
): void {
  useCommands(rangeCommands(range, onChange, options));
}
