"use client";

import type { AlertRuleView } from "@downbeat/api/views";
import { Bell, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { ChannelList } from "@/features/alerts/channel-list.tsx";
import { DeleteRuleDialog } from "@/features/alerts/delete-rule-dialog.tsx";
import { IncidentList } from "@/features/alerts/incident-list.tsx";
import { RuleDialog } from "@/features/alerts/load-rule-dialog.ts";
import { RuleList } from "@/features/alerts/rule-list.tsx";
import { useAlerts } from "@/features/alerts/use-alerts.ts";
import { plural } from "@/lib/number.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";

/** What people want to be told of, by which way, and what was found. */
export function AlertsClient() {
  const query = useAlerts();
  const { data, error, refetch } = query;
  const [edited, setEdited] = useState<AlertRuleView | "new">();
  const [deleted, setDeleted] = useState<AlertRuleView>();
  const refusal = useRefusal("setAlerts");
  const begin = () => setEdited("new");
  useCommands(
    refusal === undefined
      ? [{ id: "new-rule", label: "New rule", group: "This page", keys: "n", run: begin }]
      : [],
  );
  const newRule = (
    <Button look="primary" refusal={refusal} onClick={begin}>
      <Plus aria-hidden size={14} />
      New rule…
    </Button>
  );
  return (
    <>
      <PageHeader title="Alerts" detail={data === undefined ? undefined : plural(data.rules.length, "rule")}>
        {data === undefined || data.rules.length === 0 ? null : newRule}
      </PageHeader>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface outline-none"
      >
        {data === undefined ? (
          error === null ? (
            <p role="status" className="px-6 py-4 text-ink-3">
              Looking…
            </p>
          ) : (
            <ErrorState what="the alerts" error={error} onRetry={refetch} />
          )
        ) : (
          <>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            {data.watching.trouble === undefined ? null : (
              <p role="alert" className="bg-stuck-soft px-6 py-2 text-stuck max-[700px]:px-3">
                Nobody may be looking at the moment: {data.watching.trouble}
              </p>
            )}
            {data.rules.length === 0 ? (
              <EmptyState icon={Bell} title="No alert rules yet" action={newRule}>
                A rule says what is wrong, such as runs that are stuck for a quarter of an hour, and who is
                told when it begins and when it is over.
              </EmptyState>
            ) : (
              <Panel what="The list of rules" of={data.rules}>
                <RuleList rules={data.rules} onEdit={setEdited} onDelete={setDeleted} />
              </Panel>
            )}
            <ChannelList channels={data.channels} />
            <IncidentList />
          </>
        )}
      </div>
      <RuleDialog of={edited} channels={data?.channels ?? []} onClose={() => setEdited(undefined)} />
      <DeleteRuleDialog rule={deleted} onClose={() => setDeleted(undefined)} />
    </>
  );
}
