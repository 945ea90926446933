"use client";

import type { BulkPreview } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextArea, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { ReasonField } from "@/features/actions/reason-field.tsx";
import { MomentInput } from "@/features/inputs/moment-input.tsx";
import { serverNow } from "@/lib/clock.ts";
import { jsonProblem } from "@/lib/json-input.ts";
import { formatCount } from "@/lib/number.ts";
import { shownZone } from "@/lib/zone.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { bulkVerbs, buttonWords, whenWords } from "./bulk-words.ts";
import { PreviewWords } from "./preview-words.tsx";
import type { BulkRequest } from "./request.ts";
import { useStartBulk } from "./use-start-bulk.ts";

interface BulkDialogProps {
  readonly request: BulkRequest | undefined;
  readonly onClose: () => void;
}

/** What would be done, to what exactly, and how carefully: then it goes on by itself, whatever becomes of this tab. */
export function BulkDialog({ request, onClose }: BulkDialogProps) {
  if (request === undefined) return null;
  return <OpenDialog key={keyOf(request)} request={request} onClose={onClose} />;
}

const keyOf = ({ verb, selection }: BulkRequest): string => JSON.stringify([verb, selection]);

function OpenDialog({ request, onClose }: { request: BulkRequest; onClose: () => void }) {
  const { verb, selection, about } = request;
  const trpc = useTRPC();
  const { data: preview, error } = useQuery(
    trpc.bulk.preview.queryOptions({ verb, selection }, { staleTime: 0, gcTime: 0 }),
  );
  const count = preview?.count ?? request.count;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={buttonWords(verb, count)}
      description={
        <>
          {about === "" ? null : <p className="mb-2 break-words font-mono text-ink text-small">{about}</p>}
          {bulkVerbs[verb].consequence}
        </>
      }
    >
      <BulkForm request={request} preview={preview} error={error} count={count} onClose={onClose} />
    </Dialog>
  );
}

const rates = [10, 60, 300, 1_000] as const;
const canarySize = 5;
const longestAbout = 200;

interface BulkFormProps {
  readonly request: BulkRequest;
  readonly preview: BulkPreview | undefined;
  readonly error: unknown;
  readonly count: number;
  readonly onClose: () => void;
}

function BulkForm({ request, preview, error, count, onClose }: BulkFormProps) {
  const { verb, selection, about } = request;
  const routes = useRoutes();
  const router = useRouter();
  const words = bulkVerbs[verb];
  const form = useRef<HTMLFormElement>(null);
  const { draft, change, isSending, isLocked, problem, setProblem, start, sendAgain, another } = useStartBulk(
    {
      request,
      preview,
      onStarted(bulkId) {
        onClose();
        router.push(routes.bulk(bulkId));
      },
      onAsked() {
        onClose();
        router.push(routes.approvals());
      },
    },
  );
  const { reason, signalName, json, isCautious, mostFailed, perMinute, startAt } = draft;

  const mayTryFirst = count > canarySize;
  const isMissing =
    reason.trim() === "" ||
    preview === undefined ||
    preview.problem !== undefined ||
    (words.asks !== undefined && jsonProblem(json) !== undefined) ||
    (words.asks === "signal" && signalName.trim() === "");

  function send(): void {
    if (isMissing || isSending || isLocked) return;
    const moment = form.current?.querySelector<HTMLInputElement>('input[type="datetime-local"]');
    // Typed by half, it has no value, which would mean now.
    if (moment?.validity.badInput) return setProblem("“Start no earlier than” is not complete.");
    void start({
      verb,
      selection,
      reason: reason.trim(),
      about: about.slice(0, longestAbout),
      ...(words.asks === "output" && { output: json }),
      ...(words.asks === "signal" && { signal: { name: signalName.trim(), payload: json } }),
      ...(isCautious && mayTryFirst && { canary: { size: canarySize, mostFailed: mostFailed / 100 } }),
      ...(perMinute !== undefined && { perMinute }),
      ...(startAt !== undefined && { startAt: Date.parse(startAt) }),
    });
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (words.isDestructive !== true) send();
      }}
    >
      <fieldset disabled={isLocked} className="contents">
        {isLocked ? null : <PreviewWords verb={verb} preview={preview} error={error} />}
        {words.asks === "signal" ? (
          <Field label="Name of the signal">
            {(ids) => (
              <TextInput
                {...ids}
                value={signalName}
                onChange={({ target }) => change({ signalName: target.value })}
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
                onChange={({ target }) => change({ json: target.value })}
              />
            )}
          </Field>
        )}
        <ReasonField
          hint="Recorded in each run’s history with your name. Required."
          value={reason}
          onChange={(text) => change({ reason: text })}
          onSend={words.isDestructive ? undefined : send}
        />
        {mayTryFirst ? (
          <div className="mb-4">
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={isCautious}
                onChange={({ target }) => change({ isCautious: target.checked })}
              />
              Try {canarySize} first, and go on when their outcomes are known
            </label>
            <p className="mt-1.5 ml-6 flex items-center gap-2 text-ink-2">
              Hold when more than
              <TextInput
                aria-label="Percentage of failures at which it holds"
                type="number"
                min={0}
                max={100}
                className="!w-18"
                disabled={!isCautious}
                value={mostFailed}
                onChange={({ target }) =>
                  change({ mostFailed: Math.max(0, Math.min(100, target.valueAsNumber || 0)) })
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
                    change({ perMinute: target.value === "" ? undefined : Number(target.value) })
                  }
                >
                  <option value="">As fast as possible</option>
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
            <Field label="Start no earlier than" hint={`Leave empty to start now. Time zone: ${shownZone()}`}>
              {(ids) => (
                <MomentInput {...ids} step={60} value={startAt} onChange={(startAt) => change({ startAt })} />
              )}
            </Field>
          </div>
        </div>
      </fieldset>
      <Problem>{problem}</Problem>
      {isLocked ? (
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" disabled={isSending} onClick={sendAgain}>
            {isSending ? "Sending…" : "Send it again"}
          </Button>
          <Button onClick={onClose}>Close</Button>
          {isSending ? null : (
            <Button look="quiet" className="ml-auto" onClick={another}>
              Start another
            </Button>
          )}
        </div>
      ) : (
        <div className="flex items-center gap-2">
          <Button
            look={words.isDestructive ? "danger" : "primary"}
            {...(words.isDestructive ? { onClick: send } : { type: "submit" })}
            disabled={isMissing}
          >
            {preview?.needsTwo === undefined ? buttonWords(verb, count) : "Ask for approval"}
            {startAt === undefined ? null : whenWords(Date.parse(startAt), serverNow())}
          </Button>
          {reason.trim() === "" ? <span className="text-ink-3 text-small">Give a reason first.</span> : null}
          <Button className="ml-auto" look={words.isDestructive ? "plain" : "quiet"} onClick={onClose}>
            Not now
          </Button>
        </div>
      )}
    </form>
  );
}
