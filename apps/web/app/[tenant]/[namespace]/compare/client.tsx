"use client";

import { ChooseRun } from "@/features/compare/choose-run.tsx";
import { Comparison } from "@/features/compare/comparison.tsx";
import { useSearchState } from "@/lib/use-search-state.ts";
import { FreshnessStamp } from "@/shell/freshness-stamp.tsx";
import { RunsBreadcrumb } from "@/shell/runs-breadcrumb.tsx";
import { type CompareParams, parseCompareParams, serializeCompareParams } from "./search-params.ts";

const urlState = { parse: parseCompareParams, serialize: serializeCompareParams };

export function CompareClient() {
  const [{ run, with: other, all }, change] = useSearchState<CompareParams>(urlState);
  return (
    <>
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 py-2 max-[700px]:px-3">
        <RunsBreadcrumb />
        <h1 className="font-strong text-title">Compare two runs</h1>
        <div className="flex-1" />
        <FreshnessStamp />
      </header>
      {run === undefined ? (
        <ChooseRun title="Which run?" beside={undefined} onChoose={(runId) => change({ run: runId })} />
      ) : other === undefined ? (
        <ChooseRun
          key={run}
          title="With which run?"
          beside={run}
          onChoose={(runId) => change({ with: runId })}
        />
      ) : (
        <Comparison
          key={`${run}\n${other}`}
          ids={[run, other]}
          showsAll={all}
          onAll={(next) => change({ all: next })}
          onSwap={() => change({ run: other, with: run })}
          onOther={() => change({ with: undefined })}
        />
      )}
    </>
  );
}
