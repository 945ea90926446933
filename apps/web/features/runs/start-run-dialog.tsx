"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useEffectEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { initialValue, jsonOf } from "@/features/inputs/initial-value.ts";
import { InputEditor } from "@/features/inputs/input-editor.tsx";
import { showFirstMisfit } from "@/features/inputs/show-first-misfit.ts";
import { useTaken } from "@/features/inputs/use-definitions.ts";
import { useInputDraft } from "@/features/inputs/use-input-draft.ts";
import { type ChosenInput, type Held, renamed } from "@/features/saved-inputs/chosen-input.ts";
import { type InputRequest, SavedInputDialogs } from "@/features/saved-inputs/saved-input-dialogs.tsx";
import { SavedInputsField } from "@/features/saved-inputs/saved-inputs-field.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { startKey, useStartRun } from "./use-start-run.ts";
import { useWorkflows } from "./use-workflows.ts";
import { WorkflowField } from "./workflow-field.tsx";

interface StartRunDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function StartRunDialog({ open, onOpenChange }: StartRunDialogProps) {
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title="Start a run"
      description="The workflow's code begins at once. With a run id of your own, starting twice is harmless: nothing is started the second time."
    >
      <StartRunForm onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StartRunForm({ onClose }: { onClose: () => void }) {
  const routes = useRoutes();
  const router = useRouter();
  const workflows = useWorkflows();
  const start = useStartRun();
  const { draft, change, action, isUndecided, started, existed, problem } = start;
  const { workflow, runId } = draft;
  // Once for the form: a first workflow that a worker announces would take the field away in which its name is being typed.
  const [asksName, setAsksName] = useState<boolean>();
  if (asksName === undefined && workflows !== undefined) setAsksName(workflows.length === 0);
  const chosen = workflow || (asksName ? "" : (workflows?.[0] ?? ""));
  const { schema, note } = useTaken({ of: "start", workflow: chosen });
  const input = useInputDraft(schema, () => (schema === undefined ? "{}" : jsonOf(initialValue(schema))), {
    refusal: problem,
    taker: chosen,
    kept: draft.input,
    needsMasked: true,
  });
  const [savedInput, setSavedInput] = useState<ChosenInput>();
  const [asked, setAsked] = useState<InputRequest>();
  const held = { workflow: chosen, text: input.text };

  const keep = useEffectEvent(() => {
    if (input.isTyped) change({ workflow: chosen, input: input.text });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is kept as it is typed
  useEffect(() => keep(), [input.text]);
  const pin = useEffectEvent(() => {
    if (draft.input !== undefined) change({ workflow: chosen });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: typed for this one, it is not another's when the list of workflows gets another first one
  useEffect(() => pin(), [chosen]);

  const onStarted = useEffectEvent((id: string) => {
    start.done();
    onClose();
    router.push(routes.run(id));
  });
  useEffect(() => {
    if (started !== undefined) onStarted(started.runId);
  }, [started]);

  function put({ workflow, text }: Held, from: ChosenInput | undefined): void {
    change({ workflow, input: text });
    input.changeText(text);
    setSavedInput(from);
  }

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (input.check()) return sendAsItIs();
    showFirstMisfit(event.currentTarget);
  }

  function sendAsItIs(): void {
    const isSentBefore = action?.state === "notSent" && action.isUnknown;
    if (isSentBefore) return start.sendAgain();
    // After a refusal it is another start: the refused one stays refused.
    start.send(chosen, input.text, action === undefined ? undefined : start.another());
  }

  return (
    <>
      <form
        noValidate
        onSubmit={send}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }}
      >
        <fieldset disabled={isUndecided} className="contents">
          {/* First, as it fills in all that follows, the workflow too. */}
          <SavedInputsField
            held={held}
            isTyped={input.isTyped}
            isJson={input.jsonProblem === undefined}
            chosen={savedInput?.saved.workflow === chosen ? savedInput : undefined}
            onPut={put}
            onAsk={setAsked}
          />
          <WorkflowField
            workflows={workflows}
            asksName={asksName ?? false}
            value={chosen}
            onChoose={(name) => change({ workflow: name, input: undefined })}
            onType={(name) => change({ workflow: name })}
          />
          <InputEditor
            schema={schema}
            draft={input}
            label="Input"
            hint="JSON, as the workflow's code will get it"
            note={note}
          />
          <Field label="Run id" hint="Optional; a random one is made up when empty">
            {(ids) => (
              <TextInput
                {...ids}
                className="font-mono"
                maxLength={200}
                value={runId}
                onChange={(event) => change({ runId: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
        <Problem>{problem}</Problem>
        {action?.state === "notSent" || !isUndecided ? null : (
          <OutcomeLine target={startKey(draft.actionId)} className="mb-3" />
        )}
        {existed === undefined ? null : (
          <p role="status" className="mb-4 rounded-md bg-sunken px-3 py-2">
            Nothing was started: there is a run with this id and the same input.{" "}
            <Link
              href={routes.run(existed.runId)}
              className="text-accent hover:underline"
              onClick={start.done}
            >
              Open the run
            </Link>
          </p>
        )}
        {isUndecided ? (
          <div className="flex flex-wrap items-center gap-2">
            {action?.state === "notSent" ? (
              <Button type="submit" look="primary">
                Send it again
              </Button>
            ) : null}
            <Button onClick={onClose}>Close: it goes on</Button>
            <Button look="quiet" className="ml-auto" onClick={() => start.another()}>
              Start a second run
            </Button>
          </div>
        ) : (
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" look="primary" disabled={chosen === "" || input.jsonProblem !== undefined}>
              {chosen === "" ? "Start" : `Start ${chosen}`}
            </Button>
            {input.isHeld ? (
              <Button onClick={sendAsItIs} title="Workers of another build may take it; the engine decides">
                Start anyway
              </Button>
            ) : null}
          </div>
        )}
      </form>
      <SavedInputDialogs
        request={asked}
        workflow={chosen}
        text={input.text}
        onClose={() => setAsked(undefined)}
        onSaved={(saved) => setSavedInput({ saved, text: input.text })}
        onRenamed={(of, now) => setSavedInput((chosen) => renamed(chosen, of, now))}
        onOpenOther={({ input: text, ...saved }) =>
          put({ workflow: saved.workflow, text }, { saved, text, before: held })
        }
      />
    </>
  );
}
