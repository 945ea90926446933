"use client";

import type { AlertIncident, AlertNotice } from "@downbeat/api/views";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { ShowMore } from "@/components/show-more.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { plural } from "@/lib/number.ts";
import { useIncidents } from "./use-alerts.ts";

/** What rules have found, and who was told. */
export function IncidentList() {
  const query = useIncidents();
  const incidents = query.data?.pages.flatMap((page) => page.incidents);
  return (
    <section aria-labelledby="alert-incidents">
      <div className="flex items-center gap-2 px-6 pt-3 pb-1 max-[700px]:px-3">
        <h2 id="alert-incidents" className="font-strong">
          Incidents
        </h2>
        <span className="flex-1" />
        <ExportMenu
          title="Alert history"
          ask={(format) => ({ list: "alerts", query: {}, format })}
          refusal={incidents?.length === 0 ? "No incidents yet." : undefined}
        />
      </div>
      <StaleLine query={query} className="px-6 max-[700px]:px-3" />
      {incidents === undefined ? (
        query.isError ? (
          <ErrorState what="the incidents" error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <p role="status" className="px-6 py-3 text-ink-3 max-[700px]:px-3">
            Looking…
          </p>
        )
      ) : incidents.length === 0 ? (
        <p className="px-6 pb-4 text-ink-3 max-[700px]:px-3">No incidents yet.</p>
      ) : (
        <Panel what="Incidents" of={incidents}>
          <ul aria-label="Incidents">
            {incidents.map((incident) => (
              <Incident key={`${incident.ruleId}/${incident.number}`} incident={incident} />
            ))}
          </ul>
        </Panel>
      )}
      <ShowMore query={query}>Show older ones</ShowMore>
    </section>
  );
}

function Incident({ incident }: { readonly incident: AlertIncident }) {
  const { name, openedAt, resolvedAt, sentence, resolution, notices } = incident;
  const isOver = resolvedAt !== undefined;
  return (
    <li className="border-line border-b px-6 py-2.5 max-[700px]:px-3">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="break-words font-strong">{name}</span>
        <span className={isOver ? "text-ink-2" : "text-stuck"}>
          {isOver ? "Lasted " : "For "}
          <Elapsed from={openedAt} to={resolvedAt} />
        </span>
        <span className="ml-auto text-ink-3 text-small">
          <TimeAgo at={openedAt} />
        </span>
      </p>
      <p className="break-words text-ink-2">{sentence}</p>
      {isOver && resolution !== undefined ? (
        <p className="break-words text-ink-3 text-small">Resolved: {resolution}</p>
      ) : null}
      <p className="break-words text-ink-3 text-small">{toldWords(notices)}</p>
      {notices
        .filter(({ problem }) => problem !== undefined)
        .map(({ channel, of, outcome, problem }) => (
          <p key={`${channel} ${of}`} className="break-words text-small text-stuck">
            {channel} was {outcome === "failed" ? "not told" : "told in part"}
            {of === "resolved" ? " that it is over" : ""}: {problem}
          </p>
        ))}
    </li>
  );
}

function toldWords(notices: readonly AlertNotice[]): string {
  const told = notices.filter(({ of, outcome }) => of === "opened" && outcome === "delivered");
  if (told.length === 0) return "Nobody was told.";
  return `${plural(told.length, "channel")} told: ${told.map(({ channel }) => channel).join(", ")}.`;
}
