"use client";

import type { BoardPanel } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { byText, parseBy } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { BreakDownControls } from "@/features/figures/break-down-controls.tsx";
import { LabelsInput } from "@/features/figures/labels-input.tsx";
import { CompareSelect } from "@/features/overview/compare-select.tsx";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { GoalSelect, QuerySelect } from "./chosen-elsewhere.tsx";
import {
  choices,
  draftOf,
  emptyDraft,
  firstSize,
  type PanelDraft,
  panelOf,
  takesLabels,
} from "./panel-draft.ts";
import { PeriodSelect } from "./period-select.tsx";

interface PanelDialogProps {
  /** To be edited; `new` for one that is not there yet, nothing where the dialog is closed. */
  readonly of: BoardPanel | "new" | undefined;
  readonly newId: string;
  readonly onClose: () => void;
  readonly onDone: (panel: BoardPanel) => void;
}

/** What a panel shows. The board beside it shows it at once, and is saved as a whole. */
export function PanelDialog({ of, newId, onClose, onDone }: PanelDialogProps) {
  if (of === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={of === "new" ? "Add a panel" : "Edit the panel"}
      description="It is saved with the board."
    >
      <PanelForm of={of === "new" ? undefined : of} newId={newId} onDone={onDone} />
    </Dialog>
  );
}

interface PanelFormProps extends Pick<PanelDialogProps, "newId" | "onDone"> {
  readonly of: BoardPanel | undefined;
}

function PanelForm({ of, newId, onDone }: PanelFormProps) {
  const [draft, setDraft] = useState<PanelDraft>(() => (of === undefined ? emptyDraft : draftOf(of)));
  const [problem, setProblem] = useState<string>();
  const change = (patch: Partial<PanelDraft>) => setDraft({ ...draft, ...patch });
  const [kind = ""] = draft.shows.split(":", 1);
  const isOfRuns = kind !== "goal" && kind !== "sql";

  function done(event: FormEvent): void {
    event.preventDefault();
    const meant = panelOf(draft, of ?? { id: newId, ...firstSize(draft.shows) });
    if ("problem" in meant) setProblem(meant.problem);
    else onDone(meant.panel);
  }

  return (
    <form noValidate onSubmit={done}>
      <Field label="Shows">
        {(ids) => (
          <Select
            {...ids}
            data-first=""
            value={draft.shows}
            onChange={({ target }) => change({ shows: target.value })}
          >
            {choices.map(({ group, options }) => (
              <optgroup key={group} label={group}>
                {options.map(([shows, words]) => (
                  <option key={shows} value={shows}>
                    {words}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      {isOfRuns ? (
        <div className="mb-4 flex flex-wrap gap-2">
          <WorkflowSelect value={draft.workflow} onChange={(workflow) => change({ workflow })} />
          <PeriodSelect
            value={draft.period}
            none="The board's period"
            onChange={(period) => change({ period })}
          />
          {kind === "figure" ? (
            <CompareSelect value={draft.compare} onChange={(compare) => change({ compare })} />
          ) : null}
        </div>
      ) : null}
      {kind === "breakDown" ? (
        <div className="-mx-6 mb-1 max-[700px]:-mx-3">
          <BreakDownControls
            params={{
              range: { type: "all" },
              workflow: draft.workflow,
              of: draft.of,
              by: parseBy(draft.by),
              number: draft.number,
            }}
            onChange={(patch) =>
              change({
                ...("of" in patch && patch.of !== undefined && { of: patch.of }),
                ...("by" in patch && { by: patch.by === undefined ? undefined : byText(patch.by) }),
                ...("number" in patch && { number: patch.number }),
              })
            }
          />
        </div>
      ) : null}
      {takesLabels(draft.shows) ? (
        <Field label="With labels" hint="Such as country=JP AND tier!=gold; empty: whatever they have">
          {(ids) => <LabelsInput {...ids} value={draft.labels} onChange={(labels) => change({ labels })} />}
        </Field>
      ) : null}
      {kind === "goal" ? <GoalSelect value={draft.goalId} onChange={(goalId) => change({ goalId })} /> : null}
      {kind === "sql" ? (
        <QuerySelect
          value={draft.queryId}
          view={draft.view}
          onChange={(queryId) => change({ queryId })}
          onView={(view) => change({ view })}
        />
      ) : null}
      <Field label="Title" hint="Leave empty to use the name of its content">
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={100}
            value={draft.title}
            onChange={({ target }) => change({ title: target.value })}
          />
        )}
      </Field>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary">
        {of === undefined ? "Add the panel" : "Change the panel"}
      </Button>
    </form>
  );
}
