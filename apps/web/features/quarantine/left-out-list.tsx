import type { QuarantineEntries } from "@downbeat/api/views";
import Link from "next/link";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { EntrySection } from "./entry-section.tsx";

/** Records of history that can't be used: what they told is missing everywhere. */
export function LeftOutList({ leftOut }: Pick<QuarantineEntries, "leftOut">) {
  const routes = useRoutes();
  return (
    <EntrySection
      title="Left out of history"
      about="The content of these records is missing from lists, figures and the pages of their runs. The log itself is unchanged."
      entries={leftOut}
      reasonOf={({ reason }) => reason}
    >
      {({ topic, position, runIds }) => (
        <p className="break-words text-ink-3 text-small">
          at <span className="break-all font-mono">{position}</span> of{" "}
          <span className="font-mono">{topic}</span>
          {runIds.length === 0 ? null : (
            <>
              , about{" "}
              {runIds.map((runId, index) => (
                <span key={runId}>
                  {index === 0 ? null : ", "}
                  <Link href={routes.run(runId)} className="break-all font-mono text-accent hover:underline">
                    {runId}
                  </Link>
                </span>
              ))}
            </>
          )}
        </p>
      )}
    </EntrySection>
  );
}
