"use client";

import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import {
  longest,
  mostLabels,
  parseLabel,
  type RunsParams,
} from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { Kbd } from "@/components/kbd.tsx";
import { useSettled } from "@/lib/use-settled.ts";

interface SearchBoxProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly params: RunsParams;
  readonly onChange: (patch: Partial<RunsParams>) => void;
}

/** One box for ids, text and labels: `orderId=4711` and Enter filters by the label. */
export function SearchBox({ inputRef, params, onChange }: SearchBoxProps) {
  const [text, setText] = useState(params.text ?? "");
  const settled = useSettled(text.trim(), 180);
  const label = parseLabel(text);
  const isLabel = label !== undefined;
  const problem = problemOf(text.trim(), label, Object.keys(params.labels));

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed goes into the address
  useEffect(() => {
    const wanted = isLabel || settled === "" || settled.length > longest.text ? undefined : settled;
    if (wanted !== params.text) onChange({ text: wanted });
  }, [settled]);

  // The address can change by other means: back, a link, "clear the filters".
  useEffect(
    () => setText((current) => (params.text === undefined && !parseLabel(current) ? "" : current)),
    [params.text],
  );

  function addLabel(): void {
    if (label === undefined || problem !== undefined) return;
    onChange({ labels: { ...params.labels, [label[0]]: label[1] }, text: undefined });
    setText("");
  }

  return (
    <div className="flex h-8 min-w-60 flex-1 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 focus-within:border-accent">
      <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
      {Object.entries(params.labels).map(([key, value]) => (
        <span
          key={key}
          className="flex shrink-0 items-center gap-1 rounded bg-accent-soft pl-1.5 text-small leading-5"
        >
          <span className="text-ink-2">{key}</span> {value}
          <button
            type="button"
            aria-label={`Stop filtering by ${key}=${value}`}
            className="rounded p-0.5 text-ink-2 hover:text-ink"
            onClick={() => {
              const { [key]: _, ...labels } = params.labels;
              onChange({ labels });
            }}
          >
            <X aria-hidden size={12} />
          </button>
        </span>
      ))}
      <input
        ref={inputRef}
        type="search"
        aria-label="Search runs by id, text or label"
        placeholder="Search by id or text, or label=value"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") addLabel();
          if (event.key === "Escape") {
            setText("");
            event.currentTarget.blur();
          }
        }}
        className="h-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
      />
      {problem !== undefined ? (
        <span role="alert" className="min-w-0 text-small text-stuck">
          {problem}
        </span>
      ) : isLabel ? (
        <span className="shrink-0 text-ink-3 text-small">Enter to filter by this label</span>
      ) : (
        <Kbd>/</Kbd>
      )}
    </div>
  );
}

/** Why this can't be searched for: the address and the API take no more. */
function problemOf(
  text: string,
  label: readonly [string, string] | undefined,
  labels: readonly string[],
): string | undefined {
  if (label === undefined)
    return text.length > longest.text
      ? `${text.length} characters are too many to search for; the limit is ${longest.text}.`
      : undefined;
  const [key, value] = label;
  if (key.length > longest.labelKey || value.length > longest.labelValue) return "No label is so long.";
  if (labels.length >= mostLabels && !labels.includes(key)) return `At most ${mostLabels} labels.`;
  return undefined;
}
