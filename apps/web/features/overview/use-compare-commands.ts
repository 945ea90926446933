"use client";

import type { ComparedWith } from "@downbeat/api/views";
import { comparedWith } from "@/app/[tenant]/[namespace]/search-params.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { comparedWords } from "./compare-select.tsx";

/** The palette offers what the choice of a comparison does. */
export function useCompareCommands(
  value: ComparedWith | undefined,
  onChange: (value: ComparedWith | undefined) => void,
): void {
  useCommands([
    ...comparedWith.map((choice) => ({
      id: `compare-${choice}`,
      label: `Compare ${comparedWords[choice].toLowerCase()}`,
      group: "This page" as const,
      refusal: value === choice ? "Already shown" : undefined,
      run: () => onChange(choice),
    })),
    ...(value === undefined
      ? []
      : [
          {
            id: "compare-none",
            label: "End the comparison",
            group: "This page" as const,
            run: () => onChange(undefined),
          },
        ]),
  ]);
}
