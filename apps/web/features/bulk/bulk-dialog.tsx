"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextArea, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { MomentInput } from "@/features/inputs/moment-input.tsx";
import { createDrafts } from "@/lib/create-drafts.ts";
import { jsonProblem } from "@/lib/json-input.ts";
import { formatCount } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { bulkVerbs, buttonWords } from "./bulk-words.ts";
import { PreviewWords } from "./preview-words.tsx";
import type { BulkRequest } from "./request.ts";

interface BulkDialogProps {
  readonly request: BulkRequest | undefined;
  readonly onClose: () => void;
}

/** What would be done, to what exactly, and how carefully: then it goes on by itself, whatever becomes of this tab. */
export function BulkDialog({ request, onClose }: BulkDialogProps) {
  if (request === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={buttonWords(request.verb, request.count)}
      description={
        <>
          {request.about === "" ? null : (
            <p className="mb-2 break-words font-mono text-ink text-small">{request.about}</p>
          )}
          {bulkVerbs[request.verb].consequence}
        </>
      }
    >
      <BulkForm request={request} onClose={onClose} />
    </Dialog>
  );
}

const rates = [10, 60, 300, 1_000] as const;
const canarySize = 5;
const longestAbout = 200;

interface BulkDraft {
  /** Of the dialog: opened again and sent again, it is one bulk action. */
  readonly actionId: string;
  readonly reason: string;
  readonly signalName: string;
  readonly json: string;
  readonly isCautious: boolean;
  /** Of a hundred. */
  readonly mostFailed: number;
  readonly perMinute: number | undefined;
  readonly startAt: string | undefined;
}

const useBulkDraft = createDrafts<BulkDraft>(() => ({
  actionId: crypto.randomUUID(),
  reason: "",
  signalName: "",
  json: "null",
  isCautious: true,
  mostFailed: 20,
  perMinute: undefined,
  startAt: undefined,
}));

function BulkForm({ request, onClose }: { request: BulkRequest; onClose: () => void }) {
  const { verb, selection, about } = request;
  const trpc = useTRPC();
  const client = useTRPCClient();
  const routes = useRoutes();
  const router = useRouter();
  const words = bulkVerbs[verb];
  const preview = useQuery(trpc.bulk.preview.queryOptions({ verb, selection }, { staleTime: 0, gcTime: 0 }));
  const draft = useBulkDraft(client, JSON.stringify([verb, selection]));
  const { actionId, reason, signalName, json, isCautious, mostFailed, perMinute, startAt } = draft.value;
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();

  const count = preview.data?.count ?? request.count;
  const mayTryFirst = count > canarySize;
  const isMissing =
    reason.trim() === "" ||
    preview.data === undefined ||
    preview.data.problem !== undefined ||
    (words.asks !== undefined && jsonProblem(json) !== undefined) ||
    (words.asks === "signal" && signalName.trim() === "");

  async function send(): Promise<void> {
    if (isMissing || isSending) return;
    setSending(true);
    setProblem(undefined);
    try {
      const { runId, outcome } = await client.bulk.start.mutate({
        order: {
          verb,
          selection,
          reason: reason.trim(),
          about: about.slice(0, longestAbout),
          ...(words.asks === "output" && { output: json }),
          ...(words.asks === "signal" && { signal: { name: signalName.trim(), payload: json } }),
          ...(isCautious && mayTryFirst && { canary: { size: canarySize, mostFailed: mostFailed / 100 } }),
          ...(perMinute !== undefined && { perMinute }),
          ...(startAt !== undefined && { startAt: Date.parse(startAt) }),
        },
        asOf: preview.data?.asOf,
        actionId,
      });
      if (outcome.type === "refused") {
        // The same again would stay refused.
        draft.change({ actionId: crypto.randomUUID() });
        setProblem(outcome.message);
        return;
      }
      draft.forget();
      onClose();
      router.push(routes.bulk(runId));
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setSending(false);
    }
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      <PreviewWords verb={verb} preview={preview.data} error={preview.error} />
      {words.asks === "signal" ? (
        <Field label="Name of the signal">
          {(ids) => (
            <TextInput
              {...ids}
              value={signalName}
              onChange={({ target }) => draft.change({ signalName: target.value })}
            />
          )}
        </Field>
      ) : null}
      {words.asks === undefined ? null : (
        <Field
          label={words.asks === "signal" ? "Payload" : "Value"}
          hint="JSON, the same for each"
          error={jsonProblem(json)}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={4}
              className="font-mono text-small"
              value={json}
              onChange={({ target }) => draft.change({ json: target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Reason" hint="Recorded in each run’s history with your name. Required.">
        {(ids) => (
          <TextArea
            {...ids}
            data-first
            required
            rows={2}
            value={reason}
            onChange={({ target }) => draft.change({ reason: target.value })}
            onKeyDown={(event) => {
              // Ending something takes a deliberate click.
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !words.isDestructive)
                void send();
            }}
          />
        )}
      </Field>
      {mayTryFirst ? (
        <div className="mb-4">
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={isCautious}
              onChange={({ target }) => draft.change({ isCautious: target.checked })}
            />
            Try {canarySize} first, and go on when their outcomes are known
          </label>
          <p className="mt-1.5 ml-6 flex items-center gap-2 text-ink-2">
            Hold when more than
            <TextInput
              aria-label="Percentage of failures from which it holds"
              type="number"
              min={0}
              max={100}
              className="!w-18"
              disabled={!isCautious}
              value={mostFailed}
              onChange={({ target }) =>
                draft.change({ mostFailed: Math.max(0, Math.min(100, target.valueAsNumber || 0)) })
              }
            />
            % fail
          </p>
        </div>
      ) : null}
      <div className="flex gap-3 max-[520px]:flex-col max-[520px]:gap-0">
        <div className="flex-1">
          <Field label="Rate">
            {(ids) => (
              <Select
                {...ids}
                value={perMinute ?? ""}
                onChange={({ target }) =>
                  draft.change({ perMinute: target.value === "" ? undefined : Number(target.value) })
                }
              >
                <option value="">As fast as they are taken</option>
                {rates.map((rate) => (
                  <option key={rate} value={rate}>
                    At most {formatCount(rate)} a minute
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <div className="flex-1">
          <Field label="Not before" hint="Empty: now">
            {(ids) => (
              <MomentInput {...ids} value={startAt} onChange={(startAt) => draft.change({ startAt })} />
            )}
          </Field>
        </div>
      </div>
      <Problem>{problem}</Problem>
      <div className="flex items-center gap-2">
        <Button
          look={words.isDestructive ? "danger" : "primary"}
          {...(words.isDestructive ? { onClick: () => void send() } : { type: "submit" })}
          disabled={isMissing || isSending}
        >
          {buttonWords(verb, count)}
        </Button>
        {reason.trim() === "" ? <span className="text-ink-3 text-small">Give a reason first.</span> : null}
        <Button className="ml-auto" look={words.isDestructive ? "plain" : "quiet"} onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  );
}
