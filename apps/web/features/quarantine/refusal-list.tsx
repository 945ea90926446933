import type { QuarantineEntries } from "@downbeat/api/views";
import { EntrySection } from "./entry-section.tsx";

/** Commands to what does not exist: there is no run whose page could show them. */
export function RefusalList({ refused }: Pick<QuarantineEntries, "refused">) {
  return (
    <EntrySection
      title="Commands that no run could take"
      entries={refused}
      reasonOf={({ message }) => message}
    >
      {({ command, runId }) => (
        <p className="break-all text-ink-3 text-small">
          {command} for <span className="font-mono">{runId}</span>
        </p>
      )}
    </EntrySection>
  );
}
