import type { QuarantineEntries } from "@downbeat/api/views";
import { EntrySection } from "./entry-section.tsx";

/** Messages that could not be read: the reason, and the text as it came. */
export function MessageList({ messages }: Pick<QuarantineEntries, "messages">) {
  return (
    <EntrySection
      title="Messages that could not be read"
      entries={messages}
      reasonOf={({ reason }) => reason}
    >
      {({ topic, text }) => (
        <details>
          <summary className="cursor-pointer text-ink-3 text-small">
            from <span className="font-mono">{topic}</span>: the text as it came
          </summary>
          <pre className="max-h-60 overflow-auto whitespace-pre-wrap break-all text-small">{text}</pre>
        </details>
      )}
    </EntrySection>
  );
}
