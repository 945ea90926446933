"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { awaitOutcome } from "@/features/actions/await-outcome.ts";
import { initialValue } from "@/features/inputs/initial-value.ts";
import { InputEditor } from "@/features/inputs/input-editor.tsx";
import { showFirstMisfit } from "@/features/inputs/show-first-misfit.ts";
import { useTaken } from "@/features/inputs/use-definitions.ts";
import { useInputDraft } from "@/features/inputs/use-input-draft.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useWorkflows } from "./use-workflows.ts";

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
      description="The workflow's code begins at once. With a run id of your own, starting twice is harmless: the second start is refused."
    >
      <StartRunForm onStarted={() => onOpenChange(false)} />
    </Dialog>
  );
}

function StartRunForm({ onStarted }: { onStarted: () => void }) {
  const routes = useRoutes();
  const client = useTRPCClient();
  const router = useRouter();
  const workflows = useWorkflows();
  const [workflow, setWorkflow] = useState("");
  const [runId, setRunId] = useState("");
  const { isBusy, problem, submit } = useSubmission();
  const chosen = workflow || (workflows[0] ?? "");
  const { schema, note } = useTaken({ of: "start", workflow: chosen });
  const draft = useInputDraft(schema, () => (schema === undefined ? {} : initialValue(schema)), problem);

  async function start(): Promise<string | undefined> {
    const started = await client.runs.start.mutate({
      workflow: chosen,
      input: draft.text,
      ...(runId.trim() === "" ? {} : { runId: runId.trim() }),
    });
    const { outcome } = await awaitOutcome(client, started);
    if (outcome.type === "refused") return outcome.message;
    if (outcome.type === "lost")
      return "It was taken out of the inbox before an engine read it. Start it again.";
    onStarted();
    router.push(routes.run(started.runId));
    return undefined;
  }

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (draft.check()) void submit(start);
    else showFirstMisfit(event.currentTarget);
  }

  return (
    <form noValidate onSubmit={send}>
      <Field label="Workflow">
        {(ids) =>
          workflows.length === 0 ? (
            <TextInput
              {...ids}
              required
              value={workflow}
              onChange={(event) => setWorkflow(event.target.value)}
            />
          ) : (
            <Select {...ids} value={chosen} onChange={(event) => setWorkflow(event.target.value)}>
              {workflows.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )
        }
      </Field>
      <InputEditor
        schema={schema}
        draft={draft}
        label="Input"
        hint="JSON, as the workflow's code will get it"
        note={note}
      />
      <Field label="Run id" hint="Optional; a random one is made up when empty">
        {(ids) => (
          <TextInput
            {...ids}
            className="font-mono"
            value={runId}
            onChange={(event) => setRunId(event.target.value)}
          />
        )}
      </Field>
      <Problem>{problem}</Problem>
      <Button
        type="submit"
        look="primary"
        disabled={isBusy || chosen === "" || draft.jsonProblem !== undefined}
      >
        {isBusy ? "Starting…" : chosen === "" ? "Start" : `Start ${chosen}`}
      </Button>
    </form>
  );
}
