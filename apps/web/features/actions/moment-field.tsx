"use client";

import { Field, Select, TextInput } from "@/components/field.tsx";
import { formatMoment } from "@/lib/absolute-time.ts";
import { useNow } from "@/lib/use-now.ts";
import { fromWallText, wallText } from "@/lib/wall-time.ts";

const minute = 60_000;
const hour = 60 * minute;

/** By how long it is postponed, from the moment at which it is due. */
export const postponements = {
  "15m": { word: "15 minutes", ms: 15 * minute },
  "1h": { word: "1 hour", ms: hour },
  "4h": { word: "4 hours", ms: 4 * hour },
  "1d": { word: "1 day", ms: 24 * hour },
  "7d": { word: "7 days", ms: 7 * 24 * hour },
} as const;

export interface Postponement {
  readonly by: keyof typeof postponements | "moment";
  /** What the clocks show then, where a moment is chosen. */
  readonly wall: string;
}

export const firstPostponement: Postponement = { by: "1h", wall: "" };

/** The new moment; nothing where none is typed. What is overdue is put off from now on. */
export function momentOf({ by, wall }: Postponement, dueAt: number, now: number): number | undefined {
  return by === "moment" ? fromWallText(wall) : Math.max(dueAt, now) + postponements[by].ms;
}

interface MomentFieldProps {
  readonly dueAt: number;
  readonly value: Postponement;
  readonly onChange: (value: Postponement) => void;
}

export function MomentField({ dueAt, value, onChange }: MomentFieldProps) {
  const now = useNow(1_000);
  const at = momentOf(value, dueAt, now);
  const problem = at !== undefined && at <= now ? "Choose a time in the future." : undefined;
  return (
    <>
      <Field
        label="Postpone by"
        hint={
          value.by === "moment" || at === undefined
            ? `It is due ${formatMoment(dueAt, now)}.`
            : `It is due ${formatMoment(dueAt, now)}; then it would be ${formatMoment(at, now)}.`
        }
      >
        {(ids) => (
          <Select
            {...ids}
            value={value.by}
            onChange={({ target }) => {
              const by = isChoice(target.value) ? target.value : "moment";
              onChange({ by, wall: value.wall === "" ? (wallText(dueAt + hour) ?? "") : value.wall });
            }}
          >
            {Object.entries(postponements).map(([by, { word }]) => (
              <option key={by} value={by}>
                {word}
              </option>
            ))}
            <option value="moment">Until a time…</option>
          </Select>
        )}
      </Field>
      {value.by === "moment" ? (
        <Field label="Until" error={problem} hint="It may also be earlier than it is due now.">
          {(ids) => (
            <TextInput
              {...ids}
              type="datetime-local"
              step={1}
              value={value.wall}
              onChange={({ target }) => onChange({ by: "moment", wall: target.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

function isChoice(text: string): text is keyof typeof postponements {
  return Object.hasOwn(postponements, text);
}
