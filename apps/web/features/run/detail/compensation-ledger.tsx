import type { LedgerEntry, RunView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { FailureView } from "@/components/failure-view.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { toneText } from "@/components/tone.ts";
import { formatFull, formatMoment, isoTime } from "@/lib/absolute-time.ts";
import { known } from "@/lib/known.ts";
import type { Tone } from "@/lib/status.ts";
import { useNow } from "@/lib/use-now.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { ledgerText, type Moment, momentsOf, receiptsOf } from "./ledger-text.ts";
import { ledgerWord } from "./ledger-word.ts";
import { Section } from "./section.tsx";

interface EntryLook {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

const looks: Readonly<Record<LedgerEntry["status"], EntryLook>> = {
  registered: { icon: CircleDashed, tone: "ended" },
  undoing: { icon: LoaderCircle, tone: "running" },
  undone: { icon: CircleCheck, tone: "completed" },
  undoFailed: { icon: CircleX, tone: "stuck" },
  owed: { icon: CircleX, tone: "failed" },
};

interface LedgerProps {
  readonly run: RunView;
  readonly onRow: (rowId: string) => void;
}

/** What was done, what undoes it, whether and when that has happened, and the receipts of both. */
export function CompensationLedger({ run, onRow }: LedgerProps) {
  const routes = useRoutes();
  if (run.status === "completed" && run.ledger.every(({ status }) => status === "registered"))
    return (
      <Section title="Compensation">
        <p className="text-ink-2">
          None was needed: {run.ledger.map((entry) => entry.jobType).join(", ")} stood ready.
        </p>
      </Section>
    );
  const owed = run.ledger.filter(({ status }) => status === "owed" || status === "undoFailed").length;
  return (
    <Section
      title="Compensation"
      aside={
        <>
          {owed > 0 ? (
            <Link
              href={routes.owed({ workflow: run.workflow })}
              title="All that is owed of this workflow"
              className="rounded font-strong text-failed text-small hover:underline"
            >
              {owed} still owed
            </Link>
          ) : null}
          <CopyButton text={ledgerText(run)} what="compensation" />
        </>
      }
    >
      <ul className="rounded-md border border-line">
        {run.ledger.map((entry) => (
          <Entry key={entry.compensationId} run={run} entry={entry} onRow={onRow} />
        ))}
      </ul>
    </Section>
  );
}

function Entry({ run, entry, onRow }: LedgerProps & { entry: LedgerEntry }) {
  const look = known(looks, entry.status) ?? { icon: CircleDashed, tone: "ended" };
  const Icon = look.icon;
  const { undoes, undoJobId } = entry;
  const receipts = receiptsOf(run, entry);
  return (
    <li className="border-line border-b px-2.5 py-1.5 last:border-b-0">
      <div className="flex items-center gap-2">
        <Icon aria-hidden size={14} strokeWidth={2.25} className={clsx("shrink-0", toneText[look.tone])} />
        <span className="min-w-0 flex-1 truncate">
          {undoes === undefined ? null : (
            <>
              <RowButton rowId={undoes} onRow={onRow}>
                {entry.doneType ?? undoes}
              </RowButton>
              <span className="text-ink-3"> ↩ </span>
            </>
          )}
          {undoJobId === undefined ? (
            entry.jobType
          ) : (
            <RowButton rowId={undoJobId} onRow={onRow}>
              {entry.jobType}
            </RowButton>
          )}
        </span>
        <span className={clsx("text-small", toneText[look.tone])}>
          {ledgerWord(entry, run.endedAt === undefined)}
        </span>
      </div>
      <p className="pl-5.5 text-ink-3 text-small">
        <Moments moments={momentsOf(entry)} />
      </p>
      {entry.failure === undefined ? null : (
        <div className="mt-1 ml-5.5">
          <FailureView failure={entry.failure} tone="stuck" />
        </div>
      )}
      {receipts.length === 0 ? null : (
        <details className="ml-5.5">
          <summary className="cursor-pointer rounded text-ink-2 text-small hover:text-ink">
            {receipts.length === 1 ? "Receipt" : "Receipts"}
          </summary>
          {receipts.map(({ rowId, jobType, output }) => (
            <div key={rowId} className="mt-1">
              <span className="text-ink-3 text-small">{jobType}</span>
              <JsonView text={output} what={`receipt of ${jobType}`} />
            </div>
          ))}
        </details>
      )}
    </li>
  );
}

function Moments({ moments }: { moments: readonly Moment[] }) {
  const now = useNow(60_000);
  return moments.map(({ word, at }, index) => (
    <span key={word}>
      {index === 0 ? "" : " · "}
      {word}{" "}
      <time dateTime={isoTime(at)} title={formatFull(at)}>
        {formatMoment(at, now)}
      </time>
    </span>
  ));
}

function RowButton({
  rowId,
  onRow,
  children,
}: Pick<LedgerProps, "onRow"> & { rowId: string; children: ReactNode }) {
  return (
    <button type="button" onClick={() => onRow(rowId)} className="rounded text-accent hover:underline">
      {children}
    </button>
  );
}
