import type { AttentionItem, AttentionList } from "@downbeat/api/views";
import Link from "next/link";
import { LabelChips } from "@/components/labels.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { CauseFacts } from "@/features/causes/cause-facts.tsx";
import { MarkLine } from "@/features/causes/mark-line.tsx";
import { known } from "@/lib/known.ts";
import { formatCount } from "@/lib/number.ts";
import { shortId } from "@/lib/short-id.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { causeSize, causeTitle } from "./cause-words.ts";
import { keyOf } from "./use-kept-items.ts";

type Cause = AttentionList["groups"][number];

const remedies: Readonly<Partial<Record<Cause["kind"], string>>> = {
  noWorker: "They go on by themselves as soon as a worker for the job type is started.",
  noHost: "They go on by themselves as soon as a worker that hosts the workflow is started.",
  backlog: "Start more workers, or let those that are there do more at a time.",
  held: "Nothing more of it is sent until somebody continues or stops it.",
  undecided: "They are decided as soon as an engine can; its log says more.",
};

/** A cause that no run can be helped with: what is missing, and everything that waits for it. */
export function WaitPanel({ cause, items }: { cause: Cause; items: readonly AttentionItem[] }) {
  const routes = useRoutes();
  return (
    <section
      aria-label={cause.message}
      className="flex min-h-0 min-w-0 flex-1 flex-col max-[900px]:overflow-y-auto"
    >
      <div className="shrink-0 border-line border-b px-6 pt-3 pb-3 max-[700px]:px-3">
        <h2 className="font-strong">{cause.message}</h2>
        <p className="text-ink-2">
          {cause.kind === "held" ? (
            "Held since "
          ) : (
            <>
              {causeSize(cause)} {cause.count === 1 ? "waits" : "wait"}, the oldest since{" "}
            </>
          )}
          <TimeAgo at={cause.oldest} />. {known(remedies, cause.kind)}
        </p>
        {cause.heldRunId === undefined ? null : (
          <Link
            href={routes.bulk(cause.heldRunId)}
            className="mt-2 inline-block rounded-md border border-line-strong px-2 py-1 font-strong hover:bg-hover"
          >
            Open the bulk action
          </Link>
        )}
        <CauseFacts cause={cause} />
        {cause.kind === "undecided" ? null : <MarkLine cause={{ ...cause, title: causeTitle(cause) }} />}
        {cause.count > items.length && items.length > 0 ? (
          <p className="text-ink-3 text-small">
            The oldest {formatCount(items.length)} of {formatCount(cause.count)}:
          </p>
        ) : null}
      </div>
      <ul aria-label="What waits" className="min-h-0 flex-1 overflow-y-auto max-[900px]:flex-none">
        {items.map((item) => (
          <li
            key={keyOf(item)}
            className="flex flex-wrap items-center gap-x-3 border-line border-b py-2 pr-6 pl-6 max-[700px]:px-3"
          >
            <Link
              href={
                item.kind === "held"
                  ? routes.bulk(item.runId)
                  : routes.run(item.runId, item.job === undefined ? {} : { row: item.job.rowId })
              }
              title={item.runId}
              className="rounded font-mono hover:underline"
            >
              {shortId(item.runId, 28)}
            </Link>
            <span className="text-ink-3">
              {item.kind === "held" ? "held" : "waiting"} since <TimeAgo at={item.since} />
            </span>
            {item.kind === "held" ? null : (
              <span className="flex flex-wrap gap-1">
                <LabelChips labels={item.labels} runId={item.runId} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
