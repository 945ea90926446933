"use client";

import type { AnalyticsAbout } from "@downbeat/api/views";
import { Play, Save, Square } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { Select } from "@/components/field.tsx";
import { formatCount } from "@/lib/number.ts";

interface QueryBarProps {
  readonly canRun: boolean;
  readonly isRunning: boolean;
  readonly onRun: () => void;
  readonly onCancel: () => void;
  readonly onSave: () => void;
  readonly sources: readonly AnalyticsAbout[];
  readonly source: AnalyticsAbout;
  readonly onSource: (source: AnalyticsAbout) => void;
  readonly rowLimits: readonly number[];
  readonly rows: number;
  readonly onRows: (rows: number) => void;
}

/** What is done with the statement, and where it is asked. */
export function QueryBar(props: QueryBarProps) {
  const { canRun, isRunning, onRun, onCancel, onSave, sources, source, onSource, rowLimits, rows, onRows } =
    props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-y bg-canvas px-3 py-2">
      {isRunning ? (
        <Button onClick={onCancel} title="Esc" className="w-24">
          <Square aria-hidden size={13} /> Cancel
        </Button>
      ) : (
        <Button
          look="primary"
          onClick={onRun}
          disabled={!canRun}
          title="Ctrl or ⌘ and Enter"
          className="w-24"
        >
          <Play aria-hidden size={14} /> Run
        </Button>
      )}
      <Button onClick={onSave} disabled={!canRun}>
        <Save aria-hidden size={14} /> Save
      </Button>
      <div className="flex-1 max-[700px]:basis-full" />
      {sources.length > 1 ? (
        <Select
          aria-label="Where it is asked"
          className="max-w-fit"
          value={source.id}
          onChange={(event) => {
            const chosen = sources.find(({ id }) => id === event.target.value);
            if (chosen !== undefined) onSource(chosen);
          }}
        >
          {sources.map(({ id, name, dialect }) => (
            <option key={id} value={id}>
              {name} ({dialect})
            </option>
          ))}
        </Select>
      ) : null}
      <Select
        aria-label="Rows at most"
        className="max-w-fit"
        value={rows}
        onChange={(event) => onRows(Number(event.target.value))}
      >
        {rowLimits.map((limit) => (
          <option key={limit} value={limit}>
            at most {formatCount(limit)} rows
          </option>
        ))}
      </Select>
    </div>
  );
}
