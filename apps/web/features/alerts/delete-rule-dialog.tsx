"use client";

import type { AlertRuleView } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useAlertsChanged } from "./use-alerts.ts";

interface DeleteRuleDialogProps {
  readonly rule: AlertRuleView | undefined;
  readonly onClose: () => void;
}

export function DeleteRuleDialog({ rule, onClose }: DeleteRuleDialogProps) {
  const client = useTRPCClient();
  const changed = useAlertsChanged();

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
    <DeleteDialog
      kind="rule"
      name={rule?.name}
      description="It is deleted for everybody on this namespace. Its incidents stay in the list, and open ones are reported as over."
      onClose={onClose}
      onDelete={remove}
    />
  );
}
