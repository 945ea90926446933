"use client";

import { isRangePreset, rangePresets, type TimeRange } from "@/lib/time-range.ts";
import { useCommands } from "./commands-provider.tsx";

/** The palette offers what the page's choice of a period does. */
export function useRangeCommands(range: TimeRange, onChange: (range: TimeRange) => void): void {
  useCommands(
    Object.entries(rangePresets).map(([preset, { label }]) => ({
      id: `range-${preset}`,
      label: `Show the ${label.toLowerCase()}`,
      group: "This page",
      refusal: range.type === "last" && range.preset === preset ? "It is shown." : undefined,
      run: () => {
        if (isRangePreset(preset)) onChange({ type: "last", preset });
      },
    })),
  );
}
