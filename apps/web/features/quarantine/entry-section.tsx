import type { QuarantineRemedies } from "@downbeat/api/views";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { EntryActions } from "./entry-actions.tsx";
import { MarkLine } from "./mark-line.tsx";

interface EntrySectionProps<Entry> {
  readonly title: string;
  readonly about?: string;
  readonly entries: readonly Entry[];
  /** Why it was set aside, in words. */
  readonly reasonOf: (entry: Entry) => string;
  readonly children: (entry: Entry) => ReactNode;
}

/** What was set aside for one cause; nothing when there is none. */
export function EntrySection<Entry extends { readonly at: number } & QuarantineRemedies>(
  props: EntrySectionProps<Entry>,
) {
  const { title, about, entries, reasonOf, children } = props;
  if (entries.length === 0) return null;
  return (
    <section className="px-6 pt-4 last:pb-4 max-[700px]:px-3">
      <h2 className="mb-1 font-strong">{title}</h2>
      {about === undefined ? null : <p className="mb-1.5 text-ink-3 text-small">{about}</p>}
      <ul className="rounded-md border border-line">
        {entries.map((entry) => (
          <li key={entry.entry} className="border-line border-b px-2.5 py-2 last:border-b-0">
            <p className="flex gap-2">
              <span className="min-w-0 flex-1 whitespace-pre-line break-words">{reasonOf(entry)}</span>
              <TimeAgo at={entry.at} className="shrink-0 text-ink-3 text-small" />
            </p>
            {children(entry)}
            {entry.mark === undefined ? null : <MarkLine mark={entry.mark} />}
            <EntryActions entry={entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}
