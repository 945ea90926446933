"use client";

import type { RunView } from "@downbeat/api/views";
import { BellRing, Download, Ellipsis } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { ActionDialog, type ActionRequest } from "@/features/actions/action-dialog.tsx";
import type { PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";
import { needs } from "@/features/actions/verbs.ts";
import { isOpen } from "@/lib/status.ts";
import { useRefusals } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useDownloadHistory } from "./use-download-history.ts";

/** What may be done with the run. Ending it at once is out of the way and never the first to hand. */
export function RunButtons({ run }: { run: RunView }) {
  const [request, setRequest] = useState<ActionRequest>();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const refusalOf = useRefusals();
  const { download, isBusy } = useDownloadHistory(run);
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
    { id: "download", label: "Download the history as JSON", group: "This page", run: download },
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
        <div className="flex flex-col">
          <Button look="quiet" className="justify-start" onClick={download} disabled={isBusy}>
            <Download aria-hidden size={14} />
            {isBusy ? "Gathering the history…" : "Download the history as JSON"}
          </Button>
          {open ? (
            <>
              <VerbButton look="quiet" className="justify-start" verb="sendSignal" onAsk={ask}>
                <BellRing aria-hidden size={14} /> Send a signal
              </VerbButton>
              <hr className="my-1 border-line" />
              <VerbButton
                look="quiet"
                className="justify-start text-stuck hover:text-stuck"
                verb="terminateRun"
                onAsk={ask}
              >
                Terminate the run…
              </VerbButton>
            </>
          ) : null}
        </div>
      </Popover>
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </div>
  );
}
