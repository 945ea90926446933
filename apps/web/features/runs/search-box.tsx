"use client";

import { labelsText } from "@downbeat/domain";
import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useId, useState } from "react";
import {
  longest,
  mostClauses,
  parseConditions,
  type RunsParams,
} from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { Kbd } from "@/components/kbd.tsx";
import { useSettled } from "@/lib/use-settled.ts";
import { withClause } from "./label-clauses.ts";
import { useLabelSuggestions } from "./use-label-suggestions.ts";

interface SearchBoxProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly params: RunsParams;
  readonly onChange: (patch: Partial<RunsParams>) => void;
}

/** One box for ids, text and labels: `orderId=4711` and Enter filters by the label, `amount>=100 AND region!=eu` by more. */
export function SearchBox({ inputRef, params, onChange }: SearchBoxProps) {
  const [text, setText] = useState(params.text ?? "");
  const settled = useSettled(text.trim(), 180);
  const listId = useId();
  const suggestions = useLabelSuggestions(settled);
  const isLabel = asksLabel(text);
  const problem = problemOf(settled, params);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed goes into the address
  useEffect(() => {
    const wanted = isLabel || settled === "" || settled.length > longest.text ? undefined : settled;
    if (wanted !== params.text) onChange({ text: wanted });
  }, [settled]);

  // The address can change by other means: back, a link, "clear the filters".
  useEffect(
    () => setText((current) => (params.text === undefined && !asksLabel(current) ? "" : current)),
    [params.text],
  );

  function addLabels(): void {
    const asked = parseConditions(text.trim());
    if (!isLabel || "problem" in asked || problemOf(text.trim(), params) !== undefined) return;
    onChange({ labels: asked.clauses.reduce(withClause, params.labels), text: undefined });
    setText("");
  }

  return (
    <div className="relative min-w-60 flex-1">
      <div className="flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 focus-within:border-accent">
        <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
        {params.labels.map((clause) => (
          <span
            key={labelsText([clause])}
            className="flex min-w-0 items-center gap-1 rounded bg-accent-soft pl-1.5 text-small leading-5"
          >
            <span className="min-w-0 truncate" title={labelsText([clause])}>
              {labelsText([clause])}
            </span>
            <button
              type="button"
              aria-label={`Stop filtering by ${labelsText([clause])}`}
              className="rounded p-0.5 text-ink-2 hover:text-ink"
              onClick={() => onChange({ labels: params.labels.filter((one) => one !== clause) })}
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
          list={listId}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") addLabels();
            if (event.key === "Escape") {
              setText("");
              event.currentTarget.blur();
            }
          }}
          className="h-full min-w-24 flex-1 bg-transparent outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
        />
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
        {isLabel ? (
          <span className="shrink-0 text-ink-3 text-small">Enter to filter by this label</span>
        ) : (
          <Kbd>/</Kbd>
        )}
      </div>
      {problem === undefined ? null : (
        <p
          role="alert"
          className="absolute inset-x-0 top-full z-20 mt-1 rounded-md border border-line bg-raised px-2 py-1 text-small text-stuck shadow-raised"
        >
          {problem}
        </p>
      )}
    </div>
  );
}

/** A sign says that it is about a label. */
function asksLabel(text: string): boolean {
  return /[=<>]/.test(text);
}

/** Why this can't be searched for: the address and the API take no more. */
function problemOf(text: string, { labels }: RunsParams): string | undefined {
  if (!asksLabel(text))
    return text.length > longest.text
      ? `${text.length} characters are too many to search for; the limit is ${longest.text}.`
      : undefined;
  const asked = parseConditions(text);
  if ("problem" in asked) return asked.problem;
  const most = labels.length + asked.clauses.length > mostClauses;
  return most ? `At most ${mostClauses} conditions on labels.` : undefined;
}
