"use client";

import { conditionWords } from "@downbeat/api/alert-words";
import type { AlertChannelView, AlertRuleView } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { TwoVersions } from "@/components/two-versions.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { nameBeside } from "@/lib/name-beside.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { type ConditionDraft, conditionOf, draftOf, emptyDraft } from "./condition-draft.ts";
import { ConditionFields } from "./condition-fields.tsx";
import { RulePreview } from "./rule-preview.tsx";
import { useAlertsChanged } from "./use-alerts.ts";

interface RuleDialogProps {
  /** To be edited; `new` for one that is not there yet, nothing where the dialog is closed. */
  readonly of: AlertRuleView | "new" | undefined;
  readonly channels: readonly AlertChannelView[];
  readonly onClose: () => void;
}

export function RuleDialog({ of, channels, onClose }: RuleDialogProps) {
  if (of === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={of === "new" ? "New rule" : `Edit “${of.name}”`}
      description="Everybody on this namespace has the same rules. They are kept in the log."
    >
      <RuleForm rule={of === "new" ? undefined : of} channels={channels} onClose={onClose} />
    </Dialog>
  );
}

function RuleForm({
  rule,
  channels,
  onClose,
}: {
  readonly rule: AlertRuleView | undefined;
  readonly channels: readonly AlertChannelView[];
  readonly onClose: () => void;
}) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [seen, setSeen] = useState(rule);
  const [conflict, setConflict] = useState<{ readonly theirs: AlertRuleView | undefined }>();
  const [name, setName] = useState(seen?.name ?? "");
  const [draft, setDraft] = useState<ConditionDraft>(() =>
    seen === undefined ? emptyDraft("stuck") : draftOf(seen.condition),
  );
  const [chosen, setChosen] = useState<readonly string[]>(seen?.channels ?? channels.map((one) => one.name));
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const changed = useAlertsChanged();
  const meant = conditionOf(draft);
  const offered = [...new Set([...channels.map((channel) => channel.name), ...(seen?.channels ?? [])])];

  /** Whoever silenced it meanwhile meant whatever it looks for: that stays. */
  async function save(place: AlertRuleView | undefined): Promise<string | undefined> {
    if (name.trim() === "") return "Give the rule a name: notifications show it.";
    if ("problem" in meant) return meant.problem;
    const answer = await client.alerts.save.mutate({
      ...(place !== undefined && { ruleId: place.ruleId, version: place.version }),
      rule: {
        name,
        condition: meant.condition,
        channels: [...chosen],
        ...(place?.silencedUntil !== undefined && { silencedUntil: place.silencedUntil }),
      },
    });
    await changed();
    if (answer.outcome === "conflict") setConflict({ theirs: answer.current });
    else onClose();
    return undefined;
  }

  if (conflict !== undefined && "condition" in meant) {
    const { theirs } = conflict;
    return (
      <TwoVersions
        kind="rule"
        quicker={
          theirs === undefined
            ? { deletedBy: "Somebody" }
            : { savedBy: theirs.by, savedAt: theirs.at, name: theirs.name }
        }
        theirs={theirs && { about: ruleWords(theirs) }}
        mine={{ about: ruleWords({ name, words: conditionWords(meant.condition), channels: chosen }) }}
        isBusy={isBusy}
        problem={problem}
        choices={[
          theirs && { say: `Keep ${theirs.by}’s`, onChoose: onClose },
          {
            say: theirs === undefined ? "Save yours as a new rule" : "Save yours under another name",
            onChoose: () => {
              if (theirs !== undefined) setName(nameBeside(name));
              setSeen(undefined);
              setConflict(undefined);
            },
          },
          theirs && {
            say: `Replace ${theirs.by}’s`,
            look: "danger",
            onChoose: () => void submit(() => save(theirs)),
          },
        ]}
      />
    );
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(() => save(seen));
      }}
    >
      <Field label="Name" hint="What is wrong, as notifications show it">
        {(ids) => (
          <TextInput
            {...ids}
            data-first=""
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <ConditionFields draft={draft} onChange={setDraft} />
      <RulePreview meant={meant} />
      <fieldset className="mb-4">
        <legend className="mb-1 font-strong">Tell</legend>
        {offered.length === 0 ? (
          <p className="text-ink-3 text-small">The server has no channels, so the rule is only shown here.</p>
        ) : (
          offered.map((channel) => (
            <label key={channel} className="mr-4 inline-flex items-center gap-2">
              <input
                type="checkbox"
                checked={chosen.includes(channel)}
                onChange={({ target }) =>
                  setChosen((before) =>
                    target.checked ? [...before, channel] : before.filter((one) => one !== channel),
                  )
                }
              />
              {channel}
            </label>
          ))
        )}
      </fieldset>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy}>
        Save the rule
      </Button>
    </form>
  );
}

function ruleWords({
  name,
  words,
  channels,
  silencedUntil,
}: Pick<AlertRuleView, "name" | "words" | "channels" | "silencedUntil">): string {
  const tells = channels.length === 0 ? "Notifies nobody." : `Tells ${channels.join(", ")}.`;
  const silence = silencedUntil === undefined ? "" : ` Silenced until ${formatDayAndClock(silencedUntil)}.`;
  return `“${name.trim()}”: ${words} ${tells}${silence}`;
}
