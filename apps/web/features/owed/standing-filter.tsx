"use client";

import type { OwedStanding } from "@downbeat/api/views";
import { owedStandings } from "@/app/[tenant]/[namespace]/owed/search-params.ts";
import { FilterChip } from "@/components/filter-chip.tsx";
import { standingLooks } from "./owed-words.ts";

interface StandingFilterProps {
  readonly chosen: readonly OwedStanding[];
  readonly onChange: (standing: readonly OwedStanding[]) => void;
}

export function StandingFilter({ chosen, onChange }: StandingFilterProps) {
  return (
    <fieldset className="flex flex-wrap gap-1" aria-label="How it stands">
      <FilterChip isChosen={chosen.length === 0} onClick={() => onChange([])}>
        All
      </FilterChip>
      {owedStandings.map((standing) => {
        const isChosen = chosen.includes(standing);
        const { word, meaning, icon: Icon } = standingLooks[standing];
        return (
          <FilterChip
            key={standing}
            isChosen={isChosen}
            title={meaning}
            onClick={() =>
              onChange(isChosen ? chosen.filter((each) => each !== standing) : [...chosen, standing])
            }
          >
            <Icon aria-hidden size={13} />
            {word}
          </FilterChip>
        );
      })}
    </fieldset>
  );
}
