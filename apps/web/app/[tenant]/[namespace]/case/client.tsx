"use client";

import { FileSearch, SearchX } from "lucide-react";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { CaseChoices } from "@/features/case/case-choices.tsx";
import { CaseSearch } from "@/features/case/case-search.tsx";
import { CaseStory } from "@/features/case/case-story.tsx";
import { useCaseSearch, useOwnLanguage } from "@/features/case/use-case.ts";
import { caseWords } from "@/features/case/words.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { PageHeader } from "@/shell/page-header.tsx";
import { type CaseParams, parseCaseParams, serializeCaseParams } from "./search-params.ts";

const urlState = { parse: parseCaseParams, serialize: serializeCaseParams };

/** What happened to an order, in plain sentences of the reader's language, to be passed on. */
export function CaseClient() {
  const [params, change] = useSearchState<CaseParams>(urlState);
  const own = useOwnLanguage();
  const language = params.language ?? own;
  const words = caseWords[language];
  const found = useCaseSearch(params.text);
  const runs = found.data?.runs ?? [];
  // The only one that is called so need not be chosen.
  const only = found.data?.isExact === true && runs.length === 1 ? runs[0]?.runId : undefined;
  const runId = params.runId ?? (params.text === undefined ? undefined : only);
  const others = runs.filter((run) => run.runId !== runId);
  return (
    <div lang={language} className="flex min-h-0 flex-1 flex-col">
      <PageHeader title={words.page} />
      <CaseSearch words={words} params={{ ...params, language }} onChange={change} />
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface outline-none print:overflow-visible"
      >
        {runId === undefined ? null : (
          <Panel what={words.page} of={runId}>
            <CaseStory words={words} runId={runId} language={language} audience={params.audience} />
          </Panel>
        )}
        <StaleLine query={found} className="px-6 max-[700px]:px-3 print:hidden" />
        {params.text === undefined ? (
          runId === undefined ? (
            <EmptyState icon={FileSearch} title={words.begin}>
              {words.beginHint}
            </EmptyState>
          ) : null
        ) : found.isPending ? (
          <p role="status" className="px-6 py-4 text-ink-3">
            {words.loading}
          </p>
        ) : found.data === undefined ? (
          <ErrorState what={words.what} error={found.error} onRetry={() => found.refetch()} />
        ) : runs.length === 0 && runId === undefined ? (
          <EmptyState icon={SearchX} title={words.none}>
            {found.data.keysLeftOut ? words.keysLeftOut : words.noneHint}
          </EmptyState>
        ) : others.length === 0 ? null : (
          <CaseChoices
            title={runId !== undefined ? words.other : found.data.isExact ? words.several : words.similar}
            runs={others}
            params={params}
          />
        )}
      </div>
    </div>
  );
}
