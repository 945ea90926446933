import type { LedgerEntry, RunView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from "lucide-react";
import { toneText } from "@/components/tone.ts";
import { known } from "@/lib/known.ts";
import type { Tone } from "@/lib/status.ts";
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

/** What was done, what undoes it, and whether that has happened. */
export function CompensationLedger({ run, onRow }: { run: RunView; onRow: (rowId: string) => void }) {
  const jobType = (rowId: string | undefined) => {
    const row = run.rows.find((each) => each.rowId === rowId);
    return row?.kind === "job" ? row.jobType : undefined;
  };
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
        owed > 0 ? <span className="font-strong text-failed text-small">{owed} still owed</span> : undefined
      }
    >
      <ul className="rounded-md border border-line">
        {run.ledger.map((entry) => {
          const look = known(looks, entry.status) ?? { icon: CircleDashed, tone: "ended" };
          const Icon = look.icon;
          const { undoes } = entry;
          return (
            <li
              key={entry.compensationId}
              className="flex h-8 items-center gap-2 border-line border-b px-2.5 last:border-b-0"
            >
              <Icon
                aria-hidden
                size={14}
                strokeWidth={2.25}
                className={clsx("shrink-0", toneText[look.tone])}
              />
              <span className="min-w-0 flex-1 truncate">
                {undoes === undefined ? null : (
                  <>
                    <button
                      type="button"
                      onClick={() => onRow(undoes)}
                      className="rounded text-accent hover:underline"
                    >
                      {jobType(undoes) ?? undoes}
                    </button>
                    <span className="text-ink-3"> ↩ </span>
                  </>
                )}
                {entry.jobType}
              </span>
              <span className={clsx("text-small", toneText[look.tone])}>
                {ledgerWord(entry, run.endedAt === undefined)}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
