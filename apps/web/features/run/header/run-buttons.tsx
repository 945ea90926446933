"use client";

import type { RunView } from "@downbeat/api/views";
import { BellRing, Ellipsis, FileText } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { usePreloadAtRest } from "@/components/load-when-open.tsx";
import { Popover } from "@/components/popover.tsx";
import { ActionDialog } from "@/features/actions/load-action-dialog.ts";
import { needs } from "@/features/actions/needs.ts";
import type { ActionRequest } from "@/features/actions/request.ts";
import type { PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";
import { isOpen } from "@/lib/status.ts";
import { useRefusals } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { runExports } from "../export/run-exports.ts";
import { useExport } from "../export/use-export.ts";
import { RunMenu } from "./load-run-menu.tsx";

/** What may be done with the run. Ending it at once is out of the way and never the first to hand. */
export function RunButtons({ run }: { run: RunView }) {
  const [request, setRequest] = useState<ActionRequest>();
  const [isMenuOpen, setMenuOpen] = useState(false);
  usePreloadAtRest(RunMenu);
  const refusalOf = useRefusals();
  const routes = useRoutes();
  const router = useRouter();
  const compare = routes.compare(run.runId);
  const story = routes.case({ runId: run.runId });
  const { exportAs, progress, outcome } = useExport(run);
  const target = { runId: run.runId, workflow: run.workflow, labels: run.labels };
  // What can be done then stands in the notice.
  const open = isOpen(run.shown) && run.damaged === undefined;
  const isCodeStuck =
    open && run.shown === "stuck" && !run.rows.some((row) => row.kind === "job" && row.status === "stuck");

  // Stuck in its ending it can be cancelled, and is undone without its code.
  const isEnding = run.closing !== undefined && !isCodeStuck;

  function ask(verb: PersonVerb): void {
    setMenuOpen(false);
    setRequest({ verb, target, signalNames: run.awaitedSignals.map(({ name }) => name) });
  }

  useCommands([
    ...runExports.map(({ as, label }) => ({
      id: `export-${as}`,
      label,
      group: "This page" as const,
      run: () => {
        setMenuOpen(true);
        exportAs(as);
      },
    })),
    {
      id: "tell-case",
      label: "Tell the case in plain language",
      group: "This page",
      keys: "p",
      run: () => router.push(story),
    },
    { id: "compare", label: "Compare with another run", group: "This page", run: () => router.push(compare) },
    {
      id: "in-audit",
      label: "Who did what to this run, in the audit",
      group: "This page",
      refusal: refusalOf("readAudit"),
      run: () => router.push(routes.audit({ on: run.runId })),
    },
    ...(open && refusalOf(needs.sendSignal) === undefined
      ? ([
          {
            id: "signal",
            label: "Send a signal",
            group: "This page",
            keys: "s",
            run: () => ask("sendSignal"),
          },
        ] as const)
      : []),
    ...(open && refusalOf(needs.cancelRun) === undefined
      ? ([
          { id: "cancel", label: "Cancel the run", group: "This page", run: () => ask("cancelRun") },
        ] as const)
      : []),
  ]);

  return (
    <div className="flex items-center gap-2">
      <Link
        href={story}
        title="What happened in plain sentences, to pass on"
        className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink"
      >
        <FileText aria-hidden size={14} /> Case
      </Link>
      {isCodeStuck ? (
        <VerbButton look="primary" verb="resumeRun" onAsk={ask}>
          Resume the run
        </VerbButton>
      ) : null}
      {open && run.awaitedSignals.length > 0 ? (
        <VerbButton look="primary" verb="sendSignal" onAsk={ask}>
          <BellRing aria-hidden size={14} /> Send “{run.awaitedSignals[0]?.name}”
        </VerbButton>
      ) : null}
      {open ? (
        <VerbButton
          verb="cancelRun"
          onAsk={ask}
          disabled={isEnding}
          title={isEnding ? "It is ending already" : undefined}
        >
          Cancel the run
        </VerbButton>
      ) : null}
      <Popover
        label="More to do with this run"
        align="end"
        open={isMenuOpen}
        onOpenChange={setMenuOpen}
        trigger={
          <IconButton label="More" className="!size-8 border border-line-strong bg-surface">
            <Ellipsis aria-hidden size={15} />
          </IconButton>
        }
      >
        <RunMenu {...{ open, compare, progress, outcome }} onExport={exportAs} onAsk={ask} />
      </Popover>
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </div>
  );
}
