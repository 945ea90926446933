"use client";

import type { TimerKind } from "@downbeat/api/views";
import { timerKinds } from "@/app/[tenant]/[namespace]/timers/search-params.ts";
import { FilterChip } from "@/components/filter-chip.tsx";
import { kindLooks } from "./timer-words.ts";

interface KindFilterProps {
  readonly chosen: readonly TimerKind[];
  readonly onChange: (kind: readonly TimerKind[]) => void;
}

/** One chip a kind; several may be chosen. */
export function KindFilter({ chosen, onChange }: KindFilterProps) {
  return (
    <fieldset className="flex flex-wrap gap-1" aria-label="Kind">
      <Chip word="All" isChosen={chosen.length === 0} onClick={() => onChange([])} />
      {timerKinds.map((kind) => {
        const isChosen = chosen.includes(kind);
        const next = isChosen ? chosen.filter((each) => each !== kind) : [...chosen, kind];
        return (
          <Chip
            key={kind}
            kind={kind}
            word={kindLooks[kind].word}
            isChosen={isChosen}
            onClick={() => onChange(next)}
          />
        );
      })}
    </fieldset>
  );
}

interface ChipProps {
  readonly kind?: TimerKind;
  readonly word: string;
  readonly isChosen: boolean;
  readonly onClick: () => void;
}

function Chip({ kind, word, isChosen, onClick }: ChipProps) {
  const Icon = kind === undefined ? undefined : kindLooks[kind].icon;
  return (
    <FilterChip isChosen={isChosen} onClick={onClick}>
      {Icon === undefined ? null : <Icon aria-hidden size={14} className="text-ink-3" />}
      {word}
    </FilterChip>
  );
}
