"use client";

import type { AlertRuleView } from "@downbeat/api/views";
import { Bell, BellOff, CircleHelp, TriangleAlert } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { Panel } from "@/components/panel.tsx";
import { Elapsed } from "@/components/time-ago.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { SilenceSelect } from "./silence-select.tsx";

interface RuleListProps {
  readonly rules: readonly AlertRuleView[];
  readonly onEdit: (rule: AlertRuleView) => void;
  readonly onDelete: (rule: AlertRuleView) => void;
}

export function RuleList({ rules, onEdit, onDelete }: RuleListProps) {
  return (
    <ul aria-label="Rules">
      {rules.map((rule) => (
        <li key={rule.ruleId} className="border-line border-b px-6 py-3 max-[700px]:px-3">
          <Panel what="The rule" of={rule}>
            <Rule rule={rule} onEdit={onEdit} onDelete={onDelete} />
          </Panel>
        </li>
      ))}
    </ul>
  );
}

function Rule({ rule, onEdit, onDelete }: Omit<RuleListProps, "rules"> & { readonly rule: AlertRuleView }) {
  const { name, words, channels, missingChannels, by, at, incident } = rule;
  const refusal = useRefusal("setAlerts");
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-60 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="break-words font-strong">{name}</span>
          <Standing rule={rule} />
        </p>
        {incident === undefined ? null : <p className="break-words">{incident.sentence}</p>}
        <p className="break-words text-ink-2">{words}</p>
        <p className="break-words text-ink-3 text-small">
          {channels.length === 0 ? "Notifies nobody; only shown here." : `Tells ${channels.join(", ")}.`}{" "}
          Saved by {by}, {formatDayAndClock(at)}.
        </p>
        {missingChannels.length === 0 ? null : (
          <p role="alert" className="text-small text-stuck">
            The server has no channel called {missingChannels.join(", ")}: nobody is notified there.
          </p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <SilenceSelect rule={rule} refusal={refusal} />
        <Button size="small" refusal={refusal} onClick={() => onEdit(rule)} aria-label={`Edit ${name}`}>
          Edit…
        </Button>
        <Button
          size="small"
          look="quiet"
          refusal={refusal}
          onClick={() => onDelete(rule)}
          aria-label={`Delete ${name}`}
        >
          Delete…
        </Button>
      </div>
    </div>
  );
}

function Standing({ rule: { incident, silencedUntil, unknown } }: { readonly rule: AlertRuleView }) {
  return (
    <>
      {incident !== undefined ? (
        <span className="font-strong text-stuck">
          <TriangleAlert aria-hidden size={14} className="-mt-0.5 mr-1 inline" />
          For <Elapsed from={incident.openedAt} />
        </span>
      ) : unknown === undefined ? (
        <span className="text-ink-3">
          <Bell aria-hidden size={14} className="-mt-0.5 mr-1 inline" />
          No incident
        </span>
      ) : null}
      {unknown === undefined ? null : (
        <span className="text-ink-2" title={unknown}>
          <CircleHelp aria-hidden size={14} className="-mt-0.5 mr-1 inline" />
          Not known now: {unknown}
        </span>
      )}
      {silencedUntil === undefined ? null : (
        <span className="text-ink-2">
          <BellOff aria-hidden size={14} className="-mt-0.5 mr-1 inline" />
          Silenced until {formatDayAndClock(silencedUntil)}
        </span>
      )}
    </>
  );
}
