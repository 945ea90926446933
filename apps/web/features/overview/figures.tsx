"use client";

import type { Overview } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { DifferenceMark } from "./difference-mark.tsx";
import { type FigureFacts, type FigureName, figureFacts } from "./figure-facts.ts";

interface FiguresProps {
  readonly overview: Overview;
  /** What the figures count: each opens exactly its runs. */
  readonly filter: Partial<RunsParams>;
}

/** The state now, then what happened in the range, then how long it took. */
const shown: readonly FigureName[] = [
  "stuck",
  "open",
  "started",
  "completed",
  "failed",
  "cancelled",
  "p50",
  "p95",
];

export function Figures({ overview, filter }: FiguresProps) {
  const facts = figureFacts(overview, filter, useRoutes());
  return (
    <dl className="grid grid-cols-4 max-[700px]:grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface xl:grid-cols-8">
      {shown.map((name) => (
        <Figure key={name} facts={facts[name]} className="-mr-px -mb-px border-line border-r border-b" />
      ))}
    </dl>
  );
}

export function Figure({ facts, className }: { readonly facts: FigureFacts; readonly className?: string }) {
  const { name, value, note, href, isAlarming = false, difference, earlierHref, alsoDiffers } = facts;
  return (
    <div className={clsx("relative px-4 py-3 hover:bg-hover", className)}>
      <dt className="truncate text-ink-2">{name}</dt>
      <dd className={clsx("font-strong text-title", isAlarming && "text-stuck")}>
        <Link
          href={href}
          className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {value}
        </Link>
      </dd>
      <dd className={clsx("line-clamp-2 text-small", isAlarming ? "text-stuck" : "text-ink-3")} title={note}>
        {note}
      </dd>
      {difference === undefined ? null : <DifferenceMark difference={difference} href={earlierHref} />}
      {alsoDiffers === undefined ? null : <DifferenceMark difference={alsoDiffers} subject="success" />}
    </div>
  );
}
