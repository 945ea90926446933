"use client";

import type { AlertCondition, AlertPreview } from "@downbeat/api/views";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSettled } from "@/lib/use-settled.ts";
import { useTRPC } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";

interface RulePreviewProps {
  readonly meant: { readonly condition: AlertCondition } | { readonly problem: string };
}

const before: Readonly<Record<AlertPreview["is"], string>> = {
  wrong: "It would notify people now. ",
  right: "It would notify nobody now. ",
  unknown: "Not known now. ",
};

/** What the rule means, and what it would say now: before it wakes somebody up. */
export function RulePreview({ meant }: RulePreviewProps) {
  const trpc = useTRPC();
  const settled = useSettled("condition" in meant ? JSON.stringify(meant.condition) : "", 300);
  const { data, error } = useQuery({
    ...trpc.alerts.preview.queryOptions({
      condition: settled === "" ? { kind: "noWorker" } : JSON.parse(settled),
    }),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
  if ("problem" in meant) return <p className="mb-4 text-ink-3">{meant.problem}</p>;
  return (
    <div role="status" className="mb-4 min-h-10 rounded-md bg-sunken px-3 py-2">
      {error !== null ? (
        <p className="text-stuck">{messageOf(error)}</p>
      ) : data === undefined ? (
        <p className="text-ink-3">Looking…</p>
      ) : (
        <>
          <p className="break-words">{data.words}</p>
          <p className={data.is === "wrong" ? "break-words text-stuck" : "break-words text-ink-2"}>
            {before[data.is]}
            {data.sentence}
          </p>
        </>
      )}
    </div>
  );
}
