"use client";

import type { ShownStatus } from "@downbeat/api/views";
import { clsx } from "clsx";
import { FilterChip } from "@/components/filter-chip.tsx";
import { toneText } from "@/components/tone.ts";
import { formatCompact, plural } from "@/lib/number.ts";
import { runStatus, runStatuses } from "@/lib/status.ts";

interface StatusFilterProps {
  readonly chosen: readonly ShownStatus[];
  readonly counts: Readonly<Record<ShownStatus, number>> | undefined;
  /** Counting stopped: there are at least so many. */
  readonly isLowerBound: boolean;
  readonly onChange: (status: readonly ShownStatus[]) => void;
}

/** One chip a status with its live count; several may be chosen. */
export function StatusFilter({ chosen, counts, isLowerBound, onChange }: StatusFilterProps) {
  const total =
    counts === undefined ? undefined : Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <fieldset className="flex flex-wrap gap-1" aria-label="Status">
      <Chip
        word="All"
        count={total}
        isLowerBound={isLowerBound}
        isChosen={chosen.length === 0}
        onClick={() => onChange([])}
      />
      {runStatuses.map((status) => {
        const isChosen = chosen.includes(status);
        return (
          <Chip
            key={status}
            status={status}
            word={runStatus[status].word}
            count={counts?.[status]}
            isLowerBound={isLowerBound}
            isChosen={isChosen}
            onClick={() =>
              onChange(isChosen ? chosen.filter((each) => each !== status) : [...chosen, status])
            }
          />
        );
      })}
    </fieldset>
  );
}

interface ChipProps {
  readonly word: string;
  readonly count: number | undefined;
  readonly isLowerBound: boolean;
  readonly isChosen: boolean;
  readonly onClick: () => void;
  readonly status?: ShownStatus;
}

function Chip({ word, count, isLowerBound, isChosen, onClick, status }: ChipProps) {
  const look = status === undefined ? undefined : runStatus[status];
  const Icon = look?.icon;
  return (
    <FilterChip
      isChosen={isChosen}
      onClick={onClick}
      title={count === undefined ? undefined : `${isLowerBound ? "at least " : ""}${plural(count, "run")}`}
    >
      {Icon === undefined || look === undefined ? null : (
        <Icon
          aria-hidden
          size={14}
          strokeWidth={2.25}
          className={count === 0 ? "text-ink-3" : toneText[look.tone]}
        />
      )}
      <span>{word}</span>
      <span
        className={clsx(
          "min-w-5 text-right text-small",
          status === "stuck" && count !== undefined && count > 0 ? "font-strong text-stuck" : "text-ink-3",
        )}
      >
        {count === undefined ? "" : `${formatCompact(count)}${isLowerBound ? "+" : ""}`}
      </span>
    </FilterChip>
  );
}
