"use client";

import type { TimerKind } from "@downbeat/api/views";
import { clsx } from "clsx";
import { timerKinds } from "@/app/[tenant]/[namespace]/timers/search-params.ts";
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
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onClick}
      className={clsx(
        "inline-flex h-7 items-center gap-1.5 rounded-md border px-2",
        isChosen
          ? "border-accent bg-accent-soft text-ink"
          : "border-transparent text-ink-2 hover:bg-sunken hover:text-ink",
      )}
    >
      {Icon === undefined ? null : <Icon aria-hidden size={14} className="text-ink-3" />}
      {word}
    </button>
  );
}
