"use client";

import { X } from "lucide-react";
import { type JobsParams, openShows, outcomeShows } from "@/app/[tenant]/[namespace]/jobs/search-params.ts";
import { FilterChip } from "@/components/filter-chip.tsx";
import { showWords } from "./show-words.ts";

interface ShowFilterProps {
  readonly params: JobsParams;
  readonly onChange: (change: Partial<JobsParams>) => void;
}

/** Which jobs: one of what is open now, or of what happened in the period. */
export function ShowFilter({ params, onChange }: ShowFilterProps) {
  const { show, error } = params;
  const chip = (one: JobsParams["show"]) => (
    <FilterChip
      key={one}
      isChosen={error === undefined && one === show}
      title={showWords[one].meaning}
      onClick={() => onChange({ show: one, error: undefined, kind: undefined })}
    >
      {showWords[one].word}
    </FilterChip>
  );
  return (
    <>
      <fieldset className="flex flex-wrap items-center gap-1" aria-label="Open jobs">
        <span className="px-1 text-ink-3 text-small">Now</span>
        {openShows.map(chip)}
      </fieldset>
      <fieldset className="flex flex-wrap items-center gap-1" aria-label="What happened to jobs">
        <span className="px-1 text-ink-3 text-small">In the period</span>
        {outcomeShows.map(chip)}
        {error === undefined ? null : (
          <FilterChip
            isChosen
            title={`Stop filtering by ${error === "" ? "the error" : error}`}
            onClick={() => onChange({ show: "failedAttempts", error: undefined, kind: undefined })}
          >
            <span className="max-w-60 truncate">Error {error === "" ? "without a name" : error}</span>
            <X aria-hidden size={13} />
          </FilterChip>
        )}
      </fieldset>
    </>
  );
}
