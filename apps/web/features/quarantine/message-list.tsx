import type { QuarantineList } from "@downbeat/api/views";
import { TimeAgo } from "@/components/time-ago.tsx";

/** Messages that could not be read: the reason, and the text as it came. */
export function MessageList({ messages }: Pick<QuarantineList, "messages">) {
  if (messages.length === 0) return null;
  return (
    <section className="px-6 max-[700px]:px-3 pt-4">
      <h2 className="mb-1 font-strong">Messages that could not be read</h2>
      <ul className="rounded-md border border-line">
        {messages.map(({ topic, position, reason, text, at }) => (
          <li key={`${topic} ${position}`} className="border-line border-b px-2.5 py-2 last:border-b-0">
            <p className="flex gap-2">
              <span className="min-w-0 flex-1 break-words">{reason}</span>
              <TimeAgo at={at} className="shrink-0 text-ink-3 text-small" />
            </p>
            <details>
              <summary className="cursor-pointer text-ink-3 text-small">
                from <span className="font-mono">{topic}</span>: the text as it came
              </summary>
              <pre className="max-h-60 overflow-auto whitespace-pre-wrap break-all text-small">{text}</pre>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
