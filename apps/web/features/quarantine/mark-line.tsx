import type { QuarantineMark } from "@downbeat/api/views";
import Link from "next/link";
import { TimeAgo } from "@/components/time-ago.tsx";
import { shownText } from "@/lib/shown-text.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { resentWords } from "./mark-words.ts";

/** What somebody did about an entry, and what came of it. */
export function MarkLine({ mark }: { readonly mark: QuarantineMark }) {
  const routes = useRoutes();
  return (
    <p role="note" aria-label="What was done about it" className="mt-1 break-words text-ink-2">
      {mark.did === "dropped" ? (
        <span className="font-strong">Dropped</span>
      ) : (
        <>
          <span className="font-strong">Sent again</span>
          {mark.sent.edited ? ", edited," : ""} as {mark.sent.command} of{" "}
          <Link
            href={routes.run(mark.sent.runId)}
            className="break-all font-mono text-accent hover:underline"
          >
            {mark.sent.runId}
          </Link>
        </>
      )}{" "}
      by {shownText(mark.by)} <TimeAgo at={mark.at} />: “{shownText(mark.reason)}”
      {mark.did === "dropped" ? null : <> {resentWords(mark.sent.outcome)}</>}
    </p>
  );
}
