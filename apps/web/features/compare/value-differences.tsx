import { useMemo } from "react";
import { jsonDifferences } from "@/lib/json-differences.ts";
import { spacedJson } from "@/lib/json-text.ts";

/** Longer ones are broken into lines. */
const widest = 60;

interface ValueDifferencesProps {
  /** JSON, or nothing. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What stands for it where the two are equal. */
  readonly equal?: string;
}

/** Where two values say something else, place by place, as they are written. */
export function ValueDifferences({ before, after, equal = "No difference." }: ValueDifferencesProps) {
  // Pages of open runs are drawn ten times a second, and values may be long.
  const { found, isCut } = useMemo(() => jsonDifferences(before, after), [before, after]);
  if (found.length === 0) return <p className="text-ink-2">{equal}</p>;
  return (
    <div className="@container">
      {/* In a narrow place each path stands above its two sides. */}
      <dl className="grid @xl:grid-cols-[minmax(0,auto)_minmax(0,1fr)_minmax(0,1fr)] grid-cols-2 gap-x-4 gap-y-1 font-mono text-small">
        {found.map(({ path, before: one, after: other }) => (
          <div key={path} className="contents">
            <dt className="@xl:col-span-1 col-span-2 break-words text-ink-2">
              {path === "" ? "the whole" : path}
            </dt>
            <dd className="@max-xl:mb-1 max-h-40 overflow-auto whitespace-pre-wrap break-words">
              <Side text={one} word="before" />
            </dd>
            <dd className="@max-xl:mb-1 max-h-40 overflow-auto whitespace-pre-wrap break-words">
              <Side text={other} word="after" />
            </dd>
          </div>
        ))}
      </dl>
      {isCut ? <p className="mt-1 text-ink-2">There are more differences than these.</p> : null}
    </div>
  );
}

function Side({ text, word }: { text: string | undefined; word: "before" | "after" }) {
  if (text === undefined) return <span className="font-sans text-ink-3">not there</span>;
  const Tag = word === "before" ? "del" : "ins";
  return (
    <Tag
      className={
        word === "before"
          ? "rounded-sm bg-failed-soft text-ink no-underline"
          : "rounded-sm bg-completed-soft text-ink no-underline"
      }
    >
      {text.length > widest ? spacedJson(text) : text}
    </Tag>
  );
}
