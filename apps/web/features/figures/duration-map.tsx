"use client";

import type { BreakDown } from "@downbeat/api/views";
import Link from "next/link";
import { useId } from "react";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { formatDay, formatDayAndClock, formatHourMinute } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { plural } from "@/lib/number.ts";
import { bucketName } from "@/lib/time-range.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { bandsWithRuns, depthOf } from "./duration-bands.ts";
import { useCellKeys } from "./use-cell-keys.ts";

interface DurationMapProps {
  readonly breakDown: Pick<BreakDown, "buckets" | "bands" | "bucketMs">;
  readonly filter: Partial<RunsParams>;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** When completed runs were, and how long they took: the darker, the more. A cell opens its runs. */
export function DurationMap({ breakDown, filter, title }: DurationMapProps) {
  const routes = useRoutes();
  const id = useId();
  const { buckets, bands, bucketMs } = breakDown;
  const shown = bandsWithRuns(breakDown);
  const most = Math.max(1, ...buckets.flatMap(({ byDuration }) => byDuration));
  const { table, onKeyDown } = useCellKeys();
  const time = (at: number): string =>
    bucketMs >= dayMs ? formatDay(at) : bucketMs >= hourMs ? formatDayAndClock(at) : formatHourMinute(at);
  const bandWords = (band: number): string => {
    const [from = 0, to] = [bands[band], bands[band + 1]];
    if (to === undefined) return `${formatDuration(from)} or longer`;
    return `${formatDuration(from)} to ${formatDuration(to)}`;
  };
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-3">
      <h2 id={id} className="mb-2 font-strong">
        {title ?? "How long completed runs took"}{" "}
        <span className="font-normal text-ink-3">{bucketName(bucketMs)}</span>
      </h2>
      {shown.length === 0 ? (
        <p className="text-ink-3">No run completed in this time.</p>
      ) : (
        <div className="overflow-x-auto">
          <table ref={table} onKeyDown={onKeyDown} className="w-full border-separate border-spacing-px">
            <tbody>
              {shown.toReversed().map((band) => (
                <tr key={band}>
                  <th
                    scope="row"
                    className="w-24 whitespace-nowrap pr-2 text-right font-normal text-ink-3 text-small"
                  >
                    <span className="sr-only">{bandWords(band)}</span>
                    <span aria-hidden>{formatDuration(bands[band] ?? 0)}</span>
                  </th>
                  {buckets.map(({ at, to, byDuration }) => {
                    const count = byDuration[band] ?? 0;
                    const [from, end] = [bands[band], bands[band + 1]];
                    const words = `${plural(count, "run")}, ${bandWords(band)}, ${time(at)}`;
                    return (
                      <td key={at} className="h-5 min-w-1.5 p-0">
                        {count === 0 ? null : (
                          <Link
                            href={routes.runs({
                              ...filter,
                              status: ["completed"],
                              range: { type: "between", from: at, to },
                              took: {
                                ...(from !== undefined && from > 0 && { from }),
                                ...(end !== undefined && { to: end }),
                              },
                            })}
                            prefetch={false}
                            tabIndex={-1}
                            data-cell
                            title={words}
                            aria-label={words}
                            className="block h-5 rounded-[2px] bg-accent focus-visible:outline-2 focus-visible:outline-ink"
                            style={{ opacity: depthOf(count, most) }}
                          />
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="mt-1 flex justify-between pl-24 text-ink-3 text-small">
            <span>{time(buckets[0]?.at ?? 0)}</span>
            <span>{time(buckets.at(-1)?.at ?? 0)}</span>
          </p>
        </div>
      )}
    </section>
  );
}
