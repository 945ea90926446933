import type { BulkPreview, BulkVerb } from "@downbeat/api/views";
import { formatDate } from "@/lib/absolute-time.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { verbWords } from "./bulk-words.ts";

interface PreviewWordsProps {
  readonly verb: BulkVerb;
  readonly preview: BulkPreview | undefined;
  readonly error: unknown;
}

/** What is meant exactly, and what of it would refuse. */
export function PreviewWords({ verb, preview, error }: PreviewWordsProps) {
  const { of } = verbWords(verb);
  return (
    <div role="status" className="mb-4 rounded-md bg-sunken px-3 py-2">
      {preview === undefined ? (
        error === null || error === undefined ? (
          "Counting…"
        ) : (
          <span className="text-stuck">{messageOf(error)}</span>
        )
      ) : preview.problem !== undefined ? (
        <span className="text-stuck">{preview.problem}</span>
      ) : (
        <>
          <p>
            Exactly {plural(preview.count, of)}
            {preview.refusals.length > 0
              ? "."
              : preview.lookedAt === undefined
                ? ", each of which can be acted on now."
                : `; each of the first ${formatCount(preview.lookedAt)} can be acted on now.`}
          </p>
          {preview.needsTwo === undefined ? null : (
            <p className="mt-1 text-waiting">
              {preview.needsTwo} Nothing is done until somebody else approves it.
            </p>
          )}
          {preview.notBefore === undefined ? null : (
            <p className="mt-1 text-waiting">
              Runs that began before {formatDate(preview.notBefore)} are not among them.
            </p>
          )}
          {preview.refusals.length > 0 && preview.lookedAt !== undefined ? (
            <p className="mt-1 text-ink-2">Of the first {formatCount(preview.lookedAt)}:</p>
          ) : null}
          {preview.refusals.length === 0 ? null : (
            <ul className="mt-1 text-ink-2">
              {preview.refusals.map(({ why, count, example }) => (
                <li key={why}>
                  {formatCount(count)} will be refused: {why}{" "}
                  <span className="text-ink-3 text-small">For example {example}.</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}
