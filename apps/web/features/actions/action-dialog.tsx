"use client";

import { isEncrypted, whyTwo } from "@downbeat/domain";
import { useEffect, useEffectEvent, useRef } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { useSecondPerson } from "@/features/approvals/use-approvals.ts";
import { initialValue, jsonOf } from "@/features/inputs/initial-value.ts";
import { InputEditor } from "@/features/inputs/input-editor.tsx";
import { showFirstMisfit } from "@/features/inputs/show-first-misfit.ts";
import { type Place, useTaken } from "@/features/inputs/use-definitions.ts";
import { useInputDraft } from "@/features/inputs/use-input-draft.ts";
import { serverNow } from "@/lib/clock.ts";
import { createDrafts } from "@/lib/create-drafts.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { isUndecided } from "./action-store.ts";
import { useRunAction, useTrackedAction } from "./actions-provider.tsx";
import { firstPostponement, MomentField, momentOf, type Postponement } from "./moment-field.tsx";
import { ReasonField } from "./reason-field.tsx";
import type { ActionRequest } from "./request.ts";
import { sendAction } from "./send-action.ts";
import { type ActionTarget, targetKey } from "./target.ts";
import { targetWords } from "./target-words.ts";
import { type VerbText, verbs } from "./verbs.ts";

interface ActionDialogProps {
  readonly request: ActionRequest | undefined;
  readonly onClose: () => void;
}

export function ActionDialog({ request, onClose }: ActionDialogProps) {
  const rule = useSecondPerson();
  if (request === undefined) return null;
  const { target } = request;
  const verb = verbs[request.verb];
  const title = verb.button(target);
  const needsTwo = whyTwo(rule, { verb: request.verb });
  return (
    <Dialog
      open
      wide={verb.asks === "signal" || verb.asks === "output"}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={title}
      description={
        <>
          <p className="mb-2 break-words font-mono text-ink text-small">{targetWords(target)}</p>
          {verb.consequence(target)}
        </>
      }
    >
      <ActionForm request={request} title={title} needsTwo={needsTwo} onClose={onClose} />
    </Dialog>
  );
}

interface ActionDraft {
  readonly reason: string;
  readonly signalName: string | undefined;
  readonly editsInput: boolean;
  /** What was typed; nothing while it is as it began. */
  readonly json: string | undefined;
  readonly postponement: Postponement;
}

const useActionDraft = createDrafts<ActionDraft>(() => ({
  reason: "",
  signalName: undefined,
  editsInput: false,
  json: undefined,
  postponement: firstPostponement,
}));

interface ActionFormProps {
  readonly request: ActionRequest;
  readonly title: string;
  /** Why another person has to approve it, in a sentence. */
  readonly needsTwo: string | undefined;
  readonly onClose: () => void;
}

function ActionForm({ request, title, needsTwo, onClose }: ActionFormProps) {
  const client = useTRPCClient();
  const runAction = useRunAction();
  const { target } = request;
  const isWaiting = isUndecided(useTrackedAction(targetKey(target)));
  const verb = verbs[request.verb];
  const typed = useActionDraft(client, `${request.verb}\n${targetKey(target)}`);
  const { reason, editsInput, postponement } = typed.value;
  const dueAt = target.timer?.dueAt ?? 0;
  const isUnread = request.input !== undefined && isEncrypted(request.input);
  const signalName = typed.value.signalName ?? request.signalNames?.[0] ?? "";
  const form = useRef<HTMLFormElement>(null);
  const asksJson = verb.asks === "output" || verb.asks === "signal" || editsInput;
  const { schema, note } = useTaken(placeOf(verb.asks, target, signalName.trim()));
  const draft = useInputDraft(
    schema,
    () => {
      if (verb.asks === "input") return request.input;
      return schema === undefined ? "{}" : jsonOf(initialValue(schema));
    },
    { kept: typed.value.json },
  );
  const keep = useEffectEvent(() => {
    if (draft.isTyped) typed.change({ json: draft.text });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed is kept as it is typed
  useEffect(() => keep(), [draft.text]);
  // A signal is a message of the business: what it has to say is its payload.
  const asksReason = verb.asks !== "signal";
  const lacksReason = asksReason && reason.trim() === "";
  const missing =
    isWaiting ||
    lacksReason ||
    (asksJson && draft.jsonProblem !== undefined) ||
    (verb.asks === "signal" && signalName.trim() === "") ||
    (verb.asks === "moment" && momentOf(postponement, dueAt, serverNow()) === undefined);

  function send(): void {
    if (missing) return;
    if (asksJson && !draft.check()) return showFirstMisfit(form.current);
    sendAsItIs();
  }

  function sendAsItIs(): void {
    const sent = {
      reason: reason.trim(),
      json: asksJson ? draft.text : undefined,
      signalName: signalName.trim(),
      until: verb.asks === "moment" ? momentOf(postponement, dueAt, serverNow()) : undefined,
    };
    void runAction(targetKey(target), target, (actionId) =>
      sendAction(client, request.verb, target, sent, actionId),
    );
    typed.forget();
    onClose();
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {verb.asks === "signal" ? (
        <Field label="Name of the signal" hint={waitedFor(request.signalNames)}>
          {(ids) => (
            <TextInput
              {...ids}
              value={signalName}
              onChange={(event) => typed.change({ signalName: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {verb.asks === "input" && isUnread ? (
        <p className="mb-3 text-ink-3">Its input is encrypted, and is sent as it is.</p>
      ) : null}
      {verb.asks === "input" && request.input !== undefined && !isUnread ? (
        <label className="mb-3 flex items-center gap-2">
          <input
            type="checkbox"
            checked={editsInput}
            onChange={(event) => typed.change({ editsInput: event.target.checked })}
          />
          With another input
        </label>
      ) : null}
      {verb.asks === "moment" ? (
        <MomentField
          dueAt={dueAt}
          value={postponement}
          onChange={(changed) => typed.change({ postponement: changed })}
        />
      ) : null}
      {asksJson ? (
        <InputEditor schema={schema} draft={draft} label={jsonLabel(verb.asks)} note={note} />
      ) : null}
      {asksReason ? (
        <ReasonField
          hint="Recorded in the run's history with your name. Required."
          value={reason}
          onChange={(text) => typed.change({ reason: text })}
          onSend={verb.isDestructive ? undefined : send}
        />
      ) : null}
      {needsTwo === undefined ? null : (
        <p role="status" className="mb-3 rounded-md bg-waiting-soft px-3 py-2">
          {needsTwo} Nothing is done until somebody else approves it.
        </p>
      )}
      {isWaiting ? (
        <p role="status" className="mb-3 rounded-md bg-waiting-soft px-3 py-2">
          A request for this is already waiting for a decision. It isn’t sent again: close this and see what
          comes of it.
        </p>
      ) : null}
      <div className="flex items-center gap-2">
        <Button
          look={verb.isDestructive ? "danger" : "primary"}
          {...(verb.isDestructive ? { onClick: send } : { type: "submit" })}
          disabled={missing}
        >
          {needsTwo === undefined ? title : "Ask for approval"}
        </Button>
        {asksJson && draft.isHeld ? (
          <Button
            disabled={missing}
            onClick={sendAsItIs}
            title="Workers of another build may take it; the engine decides"
          >
            Send anyway
          </Button>
        ) : null}
        {lacksReason ? <span className="text-ink-3 text-small">Give a reason first.</span> : null}
        <Button className="ml-auto" look={verb.isDestructive ? "plain" : "quiet"} onClick={onClose}>
          {verb.keep?.(target) ?? "Not now"}
        </Button>
      </div>
    </form>
  );
}

function placeOf(
  asks: VerbText["asks"],
  { workflow, jobType }: ActionTarget,
  signalName: string,
): Place | undefined {
  if (asks === "signal") return { of: "signal", workflow, name: signalName };
  if (asks === undefined || asks === "moment" || jobType === undefined) return undefined;
  return { of: asks === "input" ? "jobInput" : "jobOutput", jobType };
}

function jsonLabel(asks: VerbText["asks"]): string {
  if (asks === "input") return "New input";
  return asks === "output" ? "Value" : "Payload";
}

function waitedFor(names: readonly string[] | undefined): string {
  if (names === undefined || names.length === 0)
    return "The run waits for no signal now; it is kept until it does.";
  return `The run waits for ${names.map((name) => `“${name}”`).join(" and ")}.`;
}
