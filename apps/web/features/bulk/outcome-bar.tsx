import type { BulkView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { formatCount } from "@/lib/number.ts";
import type { Tone } from "@/lib/status.ts";
import { isOver, outcomeCounts, outcomeLook } from "./bulk-words.ts";

/** Written out, because Tailwind finds class names by reading them. */
const fills: Readonly<Record<Tone, string>> = {
  running: "bg-running",
  waiting: "bg-waiting",
  stuck: "bg-stuck",
  completed: "bg-completed",
  failed: "bg-failed",
  ended: "bg-line",
};

/** How much of it is done, and how it went. */
export function OutcomeBar({ bulk }: { bulk: BulkView }) {
  const counts = outcomeCounts(bulk);
  const { targets = 0 } = bulk;
  if (targets === 0) return null;
  const words = counts.map(
    ([name, count]) => `${formatCount(count)} ${outcomeLook(name, isOver(bulk)).word.toLowerCase()}`,
  );
  return (
    <div
      role="img"
      aria-label={`Of ${formatCount(targets)}: ${words.join(", ")}`}
      className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-sunken"
    >
      {counts.map(([name, count]) => (
        <span
          key={name}
          className={clsx("h-full", fills[outcomeLook(name).tone])}
          style={{ width: `${(count / targets) * 100}%` }}
        />
      ))}
    </div>
  );
}
