"use client";

import type { CaseView } from "@downbeat/api/views";
import { Check, Copy } from "lucide-react";
import Link from "next/link";
import type { CaseAudience, CaseLanguage } from "@/app/[tenant]/[namespace]/case/search-params.ts";
import { Button } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { isoTime } from "@/lib/absolute-time.ts";
import { useCopy } from "@/lib/use-copy.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { isNotFound } from "@/trpc/query-client.ts";
import { useCase } from "./use-case.ts";
import type { CaseWords } from "./words.ts";

interface CaseStoryProps {
  readonly words: CaseWords;
  readonly runId: string;
  readonly language: CaseLanguage;
  readonly audience: CaseAudience;
}

export function CaseStory({ words, runId, language, audience }: CaseStoryProps) {
  const query = useCase(runId, language, audience);
  const { data, error, refetch, isPending } = query;
  if (data !== undefined)
    return (
      <>
        <StaleLine query={query} className="px-6 max-[700px]:px-3 print:hidden" />
        <Story words={words} told={data} />
      </>
    );
  if (isPending)
    return (
      <p role="status" className="px-6 py-4 text-ink-3">
        {words.loading}
      </p>
    );
  if (isNotFound(error)) return <p className="px-6 py-4 text-ink-2">{error.message}</p>;
  return <ErrorState what={words.what} error={error} onRetry={() => refetch()} />;
}

function Story({ words, told }: { words: CaseWords; told: CaseView }) {
  const routes = useRoutes();
  const { outcome, copy } = useCopy(told.text);
  const isCopied = outcome === "copied";
  useCommands([
    {
      id: "copy-case",
      label: "Copy the case as text",
      group: "This page",
      keys: "y",
      run: () => void copy(),
    },
  ]);
  return (
    <article lang={told.language} className="px-6 py-4 max-[700px]:px-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="font-strong text-title">{told.title}</h2>
          <p className="mt-0.5">{told.summary}</p>
          <div className="mt-1.5 flex flex-wrap gap-1">
            <LabelChips labels={told.labels} runId={told.runId} />
          </div>
        </div>
        <div className="flex gap-2 print:hidden">
          <Button onClick={copy}>
            {isCopied ? <Check aria-hidden size={14} /> : <Copy aria-hidden size={14} />}
            <span aria-live="polite">{isCopied ? words.copied : words.copy}</span>
          </Button>
          <Link
            href={routes.run(told.runId)}
            className="inline-flex h-8 items-center rounded-md px-2 text-accent hover:underline"
          >
            {words.open}
          </Link>
        </div>
      </div>
      {outcome === "refused" ? (
        <p role="status" className="mt-2 text-ink-2 print:hidden">
          {words.copyRefused}
        </p>
      ) : null}
      <h3 className="mt-4 mb-1 text-ink-3 text-small">{words.happened}</h3>
      <ol className="max-w-[90ch]">
        {told.lines.map(({ seq, at, stamp, text }) => (
          <li
            key={seq}
            // Thousands of sentences cost what those on the screen do.
            className="flex gap-4 border-line border-b py-1.5 [contain-intrinsic-size:auto_32px] [content-visibility:auto] last:border-b-0 max-[700px]:flex-col max-[700px]:gap-0 print:[content-visibility:visible]"
          >
            <time dateTime={isoTime(at)} className="w-40 shrink-0 text-ink-3 tabular-nums">
              {stamp}
            </time>
            <span className="min-w-0 break-words">{text}</span>
          </li>
        ))}
      </ol>
      {told.notes.map((note) => (
        <p key={note} className="mt-2 text-ink-3 text-small">
          {note}
        </p>
      ))}
    </article>
  );
}
