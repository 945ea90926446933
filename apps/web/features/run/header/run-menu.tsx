"use client";

import { clsx } from "clsx";
import { BellRing, Braces, ClipboardCopy, Columns2, FileText } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import type { PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";
import { runExports } from "../export/run-exports.ts";
import type { ExportAs, useExport } from "../export/use-export.ts";

const icons = { json: Braces, text: FileText, clipboard: ClipboardCopy } as const;

interface RunMenuProps extends Pick<ReturnType<typeof useExport>, "progress" | "outcome"> {
  readonly open: boolean;
  /** Address of the comparison. */
  readonly compare: string;
  readonly onExport: (as: ExportAs) => void;
  readonly onAsk: (verb: PersonVerb) => void;
}

/** What is done with a run less often. */
export function RunMenu({ open, compare, progress, outcome, onExport, onAsk }: RunMenuProps) {
  return (
    <div className="flex flex-col">
      {runExports.map(({ as, label }) => {
        const Icon = icons[as];
        return (
          <Button
            key={as}
            look="quiet"
            className="justify-start"
            onClick={() => onExport(as)}
            disabled={progress !== undefined}
          >
            <Icon aria-hidden size={14} /> {label}
          </Button>
        );
      })}
      {progress === undefined ? null : (
        <p role="status" className="px-3 py-1 text-ink-2 text-small">
          {progress}
        </p>
      )}
      {outcome === undefined ? null : (
        <p
          role={outcome.isProblem ? "alert" : "status"}
          className={clsx(
            "max-w-72 px-3 py-1 text-small",
            outcome.isProblem ? "text-stuck" : "text-completed",
          )}
        >
          {outcome.text}
        </p>
      )}
      <Link
        href={compare}
        className="inline-flex h-8 items-center gap-1.5 rounded-md px-3 text-ink-2 hover:bg-sunken hover:text-ink"
      >
        <Columns2 aria-hidden size={14} /> Compare with another run
      </Link>
      {open ? (
        <>
          <VerbButton look="quiet" className="justify-start" verb="sendSignal" onAsk={onAsk}>
            <BellRing aria-hidden size={14} /> Send a signal
          </VerbButton>
          <hr className="my-1 border-line" />
          <VerbButton
            look="quiet"
            className="justify-start text-stuck hover:text-stuck"
            verb="terminateRun"
            onAsk={onAsk}
          >
            Terminate the run…
          </VerbButton>
        </>
      ) : null}
    </div>
  );
}
