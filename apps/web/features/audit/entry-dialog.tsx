"use client";

import { verbWords } from "@downbeat/api/audit-verbs";
import type { AuditEntry } from "@downbeat/api/views";
import type { ReactNode } from "react";
import { Dialog } from "@/components/dialog.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { known } from "@/lib/known.ts";
import { outcomeLooks } from "./outcome-looks.ts";
import { TargetLink } from "./target-link.tsx";
import { whoWords } from "./who-words.ts";

/** All that an entry tells. */
export function EntryDialog({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  if (entry === undefined) return null;
  const { who, verb, at, from, on, given = [], sql, why, actionId, outcome, times } = entry;
  const word = known(outcomeLooks, outcome.is)?.word ?? outcome.is;
  return (
    <Dialog open onOpenChange={onClose} wide title={`${whoWords(who)}: ${verbWords(verb)}`}>
      <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-4 gap-y-1.5 max-[700px]:grid-cols-1 max-[700px]:gap-y-0.5">
        <Told what="Outcome">{outcome.why === undefined ? word : `${word}: ${outcome.why}`}</Told>
        {times === undefined ? null : <Told what="How often">{times} times within a minute</Told>}
        <Told what="When">{formatFull(at)}</Told>
        {who.id === "" ? null : <Told what="Who">{who.id}</Told>}
        {from?.address === undefined ? null : <Told what="From">{from.address}</Told>}
        {from?.agent === undefined ? null : <Told what="With">{from.agent}</Told>}
        <Told what="Verb">{verb}</Told>
        {on.map((target) => (
          <Told key={`${target.what} ${target.id}`} what={capital(target.what)}>
            <TargetLink target={target} all={[target]} />
          </Told>
        ))}
        {why === undefined ? null : <Told what="Reason">{why}</Told>}
        {given.map(({ field, is }) => (
          <Told key={field} what={capital(field)}>
            {is}
          </Told>
        ))}
        {actionId === undefined ? null : <Told what="Action">{actionId}</Told>}
      </dl>
      {sql === undefined ? null : (
        <pre className="mt-3 whitespace-pre-wrap break-words rounded-md bg-sunken p-3 font-mono text-small">
          {sql}
        </pre>
      )}
    </Dialog>
  );
}

function Told({ what, children }: { what: string; children: ReactNode }) {
  return (
    <>
      <dt className="break-words text-ink-3">{what}</dt>
      <dd className="min-w-0 break-words max-[700px]:mb-2">{children}</dd>
    </>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
