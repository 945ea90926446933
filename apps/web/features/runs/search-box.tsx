"use client";

import { labelsText } from "@downbeat/domain";
import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useId, useState } from "react";
import {
  longest,
  mostClauses,
  parseConditions,
  type RunsParams,
  withBeginning,
} from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { Kbd } from "@/components/kbd.tsx";
import { facetWords, missedWords, tookWords } from "@/lib/run-facets.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { withClause } from "./label-clauses.ts";
import { useLabelSuggestions } from "./use-label-suggestions.ts";

interface SearchBoxProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly params: RunsParams;
  readonly onChange: (patch: Partial<RunsParams>) => void;
}

/**
 * One box for ids, text and labels: `orderId=4711` and Enter filters by the label, `amount>=100 AND region!=eu` by more. Enter on another text looks for
 * it in what runs were given, gave back and failed with.
 */
export function SearchBox({ inputRef, params, onChange }: SearchBoxProps) {
  const [text, setText] = useState(params.text ?? "");
  const settled = useSettled(text.trim(), 180);
  const listId = useId();
  const suggestions = useLabelSuggestions(settled);
  const isLabel = asksLabel(text);
  const problem = problemOf(settled, params);
  const seesPayloads = useRefusal("seePayloads") === undefined;
  const isContent = seesPayloads && !isLabel && isSearchable(spoken(text.trim()));

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed goes into the address
  useEffect(() => {
    const asked = spoken(settled);
    const wanted = isLabel || asked === "" || asked.length > longest.text ? undefined : asked;
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

  function searchContent(): void {
    if (!isContent) return;
    onChange({ content: spoken(text.trim()), text: undefined, range: withBeginning(params.range) });
    setText("");
  }

  return (
    <div className="relative min-w-60 flex-1">
      <div className="flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 focus-within:border-accent">
        <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
        {params.labels.map((clause) => (
          <Asked
            key={labelsText([clause])}
            words={labelsText([clause])}
            onRemove={() => onChange({ labels: params.labels.filter((one) => one !== clause) })}
          />
        ))}
        {params.facets?.map((facet) => (
          <Asked
            key={facetWords(facet)}
            words={facetWords(facet)}
            onRemove={() => {
              const facets = params.facets?.filter((one) => one !== facet) ?? [];
              onChange({ facets: facets.length === 0 ? undefined : facets });
            }}
          />
        ))}
        {params.took === undefined ? null : (
          <Asked words={tookWords(params.took)} onRemove={() => onChange({ took: undefined })} />
        )}
        {params.missed === undefined ? null : (
          <Asked words={missedWords(params.missed)} onRemove={() => onChange({ missed: undefined })} />
        )}
        {params.content === undefined ? null : (
          <Asked
            words={`“${params.content}” in inputs, outputs or errors`}
            onRemove={() => onChange({ content: undefined })}
          />
        )}
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
            if (event.key === "Enter") isLabel ? addLabels() : searchContent();
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
        ) : isContent ? (
          <span className="shrink-0 text-ink-3 text-small max-[1000px]:hidden">
            Enter to search inputs, outputs and errors
          </span>
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

/** A condition that holds for the list. */
function Asked({ words, onRemove }: { words: string; onRemove: () => void }) {
  return (
    <span className="flex min-w-0 items-center gap-1 rounded bg-accent-soft pl-1.5 text-small leading-5">
      <span className="min-w-0 truncate" title={words}>
        {words}
      </span>
      <button
        type="button"
        aria-label={`Stop filtering by ${words}`}
        className="rounded p-0.5 text-ink-2 hover:text-ink"
        onClick={onRemove}
      >
        <X aria-hidden size={12} />
      </button>
    </span>
  );
}

function isSearchable(text: string): boolean {
  return text !== "" && text.length <= longest.content;
}

/** A sign says that it is about a label, unless all of it is in quotes. */
function asksLabel(text: string): boolean {
  return /[=<>]/.test(text) && !isQuoted.test(text.trim());
}

const isQuoted = /^"[^"]*"$/;

/** As it is looked for. */
function spoken(text: string): string {
  return isQuoted.test(text) ? text.slice(1, -1).trim() : text;
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
