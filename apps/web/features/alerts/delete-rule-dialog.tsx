"use client";

import type { AlertRuleView } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { useAlertsChanged } from "./use-alerts.ts";

interface DeleteRuleDialogProps {
  readonly rule: AlertRuleView | undefined;
  readonly onClose: () => void;
}

export function DeleteRuleDialog({ rule, onClose }: DeleteRuleDialogProps) {
  const client = useTRPCClient();
  const changed = useAlertsChanged();
  const { isBusy, problem, submit } = useSubmission();

  async function remove(): Promise<string | undefined> {
    if (rule === undefined) return undefined;
    const { ruleId, version } = rule;
    const answer = await client.alerts.delete.mutate({ ruleId, version });
    await changed();
    if (answer.outcome === "conflict")
      return `${answer.current?.by ?? "Somebody"} has just changed it, so it stays. Look at it again.`;
    onClose();
    return undefined;
  }

  return (
    <Dialog
      open={rule !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete “${rule?.name ?? ""}”?`}
      description="It goes for everybody on this namespace. What it found stays in the list, and whoever was told of something that goes on is told that it is over."
    >
      <Problem>{problem}</Problem>
      <div className="flex gap-2">
        <Button data-first onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" disabled={isBusy} onClick={() => void submit(remove)}>
          Delete the rule
        </Button>
      </div>
    </Dialog>
  );
}
