import type { SystemView } from "@downbeat/api/views";
import type { ReactNode } from "react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatBytes } from "@/lib/bytes.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";

/** The server that answers here: its versions, its read model, its disk and what it is set to. */
export function ServerFacts({ system }: { system: SystemView }) {
  const { server, readModel, settings } = system;
  const { disk } = readModel;
  return (
    <section aria-labelledby="server" className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
      <h2 id="server" className="mb-1 font-strong">
        This server
      </h2>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Fact name="Version">
          {server.version}, on Node.js {server.node}
        </Fact>
        <Fact name="Host">{server.host}</Fact>
        <Fact name="Started">
          <TimeAgo at={server.startedAt} />
        </Fact>
        <Fact name="Log">{server.log}</Fact>
        <Fact name="Read model">
          {readModel.behind === 0 ? "at the end of the log" : `${plural(readModel.behind, "record")} to read`}
          ; {plural(readModel.events, "event")} in {plural(readModel.records, "record")} read since it
          started, the last write took {formatDuration(readModel.flushMs)}
        </Fact>
        <Fact name="Disk">
          {disk === undefined
            ? "not known"
            : `${formatBytes(disk.used)} used by its data, ${formatBytes(disk.free)} of ${formatBytes(disk.total)} free`}
        </Fact>
        {settings.map(({ name, value }) => (
          <Fact key={name} name={<span className="font-mono text-small">{name}</span>}>
            {value}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

export const countOrUnknown = (count: number | undefined): string =>
  count === undefined ? "–" : formatCount(count);

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
