"use client";

import { causeWords, type Failure, type FailureKind, failureWords } from "@downbeat/domain";
import { clsx } from "clsx";
import { useState } from "react";
import { known } from "@/lib/known.ts";
import { shownText } from "@/lib/shown-text.ts";
import { frameOf, placeOf, shortPlace } from "@/lib/stack-frames.ts";
import { CopyButton } from "./copy-button.tsx";
import { JsonView } from "./json-view.tsx";

const kinds: Readonly<Record<FailureKind, string>> = {
  technical: "technical failure",
  business: "refused for a business reason",
  timeout: "ran out of time",
  invalid: "invalid input or output",
  cancelled: "cancelled",
  code: "error in the workflow's code",
  nonDeterminism: "the workflow's code changed against its history",
};

interface FailureViewProps {
  readonly failure: Failure;
  /** Occurrences differ in parts of the message: those are marked. */
  readonly mark?: (message: string) => React.ReactNode;
  readonly tone?: "failed" | "stuck";
}

/** The error, quoted whole, with what it came of. */
export function FailureView({ failure, mark, tone = "failed" }: FailureViewProps) {
  const [showsStack, setShowsStack] = useState(false);
  const { causes = [], details } = failure;
  const stack = stackOf(failure);
  const place = stack === undefined ? undefined : placeOf(stack);
  return (
    <div
      className={clsx(
        "group/failure rounded-md border-l-3 py-1.5 pl-3",
        tone === "stuck" ? "border-stuck" : "border-failed",
      )}
    >
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="min-w-0 font-strong [overflow-wrap:anywhere]">{shownText(failure.name)}</span>
        <span className="text-ink-3 text-small">{known(kinds, failure.kind) ?? failure.kind}</span>
        <CopyButton
          text={stack ?? failureWords(failure)}
          what="error"
          className="opacity-0 focus-visible:opacity-100 group-hover/failure:opacity-100"
        />
      </p>
      <p className="whitespace-pre-wrap break-words font-mono text-small">
        {mark?.(failure.message) ?? shownText(failure.message)}
      </p>
      {place === undefined ? null : (
        <p className="flex min-w-0 items-center gap-1 font-mono text-ink-2 text-small">
          <span className="min-w-0 truncate" title={`${place.file}:${place.line}:${place.column}`}>
            at {place.name === undefined ? "" : `${place.name}, `}
            <span className="text-ink">{shortPlace(place)}</span>
          </span>
          <CopyButton
            text={`${place.file}:${place.line}:${place.column}`}
            what="file and line"
            className="opacity-0 focus-visible:opacity-100 group-hover/failure:opacity-100"
          />
        </p>
      )}
      {causes.length === 0 ? null : (
        <ul aria-label="Causes" className="break-words font-mono text-small">
          {causes.map((cause, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: causes are told in a fixed order, and may be equal
            <li key={index} style={{ paddingLeft: `${cause.depth - 1}rem` }}>
              <span className="font-sans text-ink-3">caused by </span>
              {shownText(causeWords(cause))}
            </li>
          ))}
        </ul>
      )}
      {details === undefined ? null : (
        <JsonView text={details} what="details of the error" className="mt-1" />
      )}
      {stack === undefined ? null : (
        <>
          <button
            type="button"
            aria-expanded={showsStack}
            onClick={() => setShowsStack(!showsStack)}
            className="mt-1 rounded text-accent text-small hover:underline"
          >
            {showsStack ? "Hide the stack" : "Show the stack"}
          </button>
          {showsStack ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
            <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto whitespace-pre text-ink-3 text-small">
              {stack.split("\n").map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a stack keep their places, and may be equal
                <span key={index} className={frameOf(line)?.isOwn === false ? undefined : "text-ink"}>
                  {shownText(line)}
                  {"\n"}
                </span>
              ))}
            </pre>
          ) : null}
        </>
      )}
    </div>
  );
}

function stackOf({ stack, causes = [] }: Failure): string | undefined {
  const stacks = causes.flatMap((cause) => (cause.stack === undefined ? [] : [`Caused by: ${cause.stack}`]));
  if (stack !== undefined) stacks.unshift(stack);
  return stacks.length === 0 ? undefined : stacks.join("\n");
}
