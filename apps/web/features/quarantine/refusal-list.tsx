import type { QuarantineList } from "@downbeat/api/views";
import { TimeAgo } from "@/components/time-ago.tsx";

/** Commands to what does not exist: there is no run whose page could show them. */
export function RefusalList({ refused }: Pick<QuarantineList, "refused">) {
  if (refused.length === 0) return null;
  return (
    <section className="px-6 max-[700px]:px-3 py-4">
      <h2 className="mb-1 font-strong">Commands that no run could take</h2>
      <ul className="rounded-md border border-line">
        {refused.map(({ runId, inputId, command, message, at }) => (
          <li key={`${runId} ${inputId}`} className="border-line border-b px-2.5 py-2 last:border-b-0">
            <p className="flex gap-2">
              <span className="min-w-0 flex-1 whitespace-pre-line break-words">{message}</span>
              <TimeAgo at={at} className="shrink-0 text-ink-3 text-small" />
            </p>
            <p className="break-all text-ink-3 text-small">
              {command} for <span className="font-mono">{runId}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
