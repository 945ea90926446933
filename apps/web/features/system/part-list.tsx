import type { SystemView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { known } from "@/lib/known.ts";
import { plural } from "@/lib/number.ts";
import { partNames } from "@/shell/freshness.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

/** How each part is doing, in words. */
export function PartList({ parts, quarantine }: Pick<SystemView, "parts" | "quarantine">) {
  const routes = useRoutes();
  const { messages, refused, leftOut } = quarantine;
  const count = messages + refused + leftOut;
  return (
    <section aria-labelledby="parts" className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
      <h2 id="parts" className="mb-1 font-strong">
        Parts
      </h2>
      <ul>
        {parts.map(({ part, isLive, words }) => {
          const Icon = isLive ? CircleCheck : CircleAlert;
          return (
            <li key={part} className="flex min-h-7 items-start gap-2 py-1">
              <Icon
                aria-hidden
                size={14}
                className={clsx("mt-0.5 shrink-0", isLive ? "text-completed" : "text-stuck")}
              />
              <span className="w-24 shrink-0">{known(partNames, part) ?? part}</span>
              <span className={clsx("min-w-0 break-words", isLive ? "text-ink-2" : "text-stuck")}>
                {words}
              </span>
            </li>
          );
        })}
        <li className="flex min-h-7 items-start gap-2 py-1">
          <CircleCheck aria-hidden size={14} className="mt-0.5 shrink-0 text-ink-3" />
          <span className="w-24 shrink-0">Quarantine</span>
          <Link href={routes.quarantine()} className="rounded text-ink-2 hover:underline">
            {count === 0 ? "empty" : plural(count, "entry", "entries")}
          </Link>
        </li>
      </ul>
    </section>
  );
}
