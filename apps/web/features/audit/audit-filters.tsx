"use client";

import { auditVerbs, verbWords } from "@downbeat/api/audit-verbs";
import {
  type AuditParams,
  auditOutcomes,
  isNarrowed,
  longest,
} from "@/app/[tenant]/[namespace]/audit/search-params.ts";
import { Button } from "@/components/button.tsx";
import { Select } from "@/components/field.tsx";
import { FilterChip } from "@/components/filter-chip.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { outcomeLooks } from "./outcome-looks.ts";
import { TypedFilter } from "./typed-filter.tsx";

interface AuditFiltersProps {
  readonly params: AuditParams;
  readonly onChange: (patch: Partial<AuditParams>) => void;
  readonly onClear: () => void;
}

export function AuditFilters({ params, onChange, onClear }: AuditFiltersProps) {
  const { who, verb, on, outcome, text, range } = params;
  const verbs = verb === undefined || auditVerbs.includes(verb) ? auditVerbs : [verb, ...auditVerbs];
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3">
      <TypedFilter
        label="Search the audit"
        placeholder="Anywhere in it: a reason, SQL, an id"
        className="min-w-52 flex-1"
        value={text}
        most={longest.text}
        onChange={(next) => onChange({ text: next })}
      />
      <TypedFilter
        label="Who"
        placeholder="Who: name or id"
        className="w-44"
        value={who}
        most={longest.who}
        onChange={(next) => onChange({ who: next })}
      />
      <TypedFilter
        label="On what"
        placeholder="On: id of a run, a rule…"
        className="w-48"
        value={on}
        most={longest.on}
        onChange={(next) => onChange({ on: next })}
      />
      <Select
        aria-label="What"
        className="max-w-48"
        value={verb ?? ""}
        onChange={(event) => onChange({ verb: event.target.value === "" ? undefined : event.target.value })}
      >
        <option value="">Any action</option>
        {verbs.map((one) => (
          <option key={one} value={one}>
            {verbWords(one)}
          </option>
        ))}
      </Select>
      <RangePicker allowAll range={range} onChange={(next) => onChange({ range: next })} />
      <fieldset className="flex flex-wrap gap-1" aria-label="Outcome">
        <FilterChip isChosen={outcome.length === 0} onClick={() => onChange({ outcome: [] })}>
          All
        </FilterChip>
        {auditOutcomes.map((one) => {
          const isChosen = outcome.includes(one);
          const { word, meaning, icon: Icon } = outcomeLooks[one];
          const next = isChosen ? outcome.filter((each) => each !== one) : [...outcome, one];
          return (
            <FilterChip
              key={one}
              isChosen={isChosen}
              title={meaning}
              onClick={() => onChange({ outcome: next })}
            >
              <Icon aria-hidden size={13} />
              {word}
            </FilterChip>
          );
        })}
      </fieldset>
      {isNarrowed(params) ? (
        <Button look="quiet" size="small" onClick={onClear}>
          Clear the filters
        </Button>
      ) : null}
    </div>
  );
}
