"use client";

import type { AlertRuleView } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { Problem } from "@/components/problem.tsx";
import { mutePresets } from "@/features/causes/mark-draft.ts";
import { serverNow } from "@/lib/clock.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { useAlertsChanged } from "./use-alerts.ts";

interface SilenceSelectProps {
  readonly rule: AlertRuleView;
  readonly refusal: string | undefined;
}

/** For how long nobody is told; what is found is written down all the same. */
export function SilenceSelect({ rule, refusal }: SilenceSelectProps) {
  const { ruleId, version, name, silencedUntil } = rule;
  const [isOpen, setOpen] = useState(false);
  const client = useTRPCClient();
  const changed = useAlertsChanged();
  const { isBusy, problem, submit } = useSubmission();
  const silence = (until: number | null) =>
    void submit(async () => {
      const answer = await client.alerts.silence.mutate({ ruleId, version, until });
      await changed();
      if (answer.outcome === "conflict") return "Somebody has just changed the rule. Look at it again.";
      setOpen(false);
      return undefined;
    });
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label={`How long to silence ${name}`}
      trigger={
        <Button size="small" refusal={refusal} aria-label={`Silence ${name}`}>
          Silence…
        </Button>
      }
    >
      <div className="w-60 p-3">
        <p className="mb-2 text-ink-2 text-small">
          Nobody is notified until then. Incidents are still recorded.
        </p>
        <Problem>{problem}</Problem>
        <div className="flex flex-col gap-1.5">
          {mutePresets(serverNow()).map(({ label, at }) => (
            <Button key={label} size="small" disabled={isBusy} onClick={() => silence(at)}>
              {label}
            </Button>
          ))}
          {silencedUntil === undefined ? null : (
            <Button size="small" look="quiet" disabled={isBusy} onClick={() => silence(null)}>
              Notify people again
            </Button>
          )}
        </div>
      </div>
    </Popover>
  );
}
