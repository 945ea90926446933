import type { MarkedCause } from "@downbeat/api/views";
import { CircleCheck } from "lucide-react";
import { TimeAgo } from "@/components/time-ago.tsx";
import { MarkLine } from "@/features/causes/mark-line.tsx";

/** A cause of which nothing is left but what people have said of it. */
export function GonePanel({ cause }: { readonly cause: MarkedCause }) {
  const { mark, standing, lastSeen } = cause;
  const { fingerprint, about } = mark;
  return (
    <section
      aria-label={`What was said of ${about.title}`}
      className="min-w-0 flex-1 overflow-y-auto px-6 pt-3 max-[700px]:px-3"
    >
      <h2 className="font-strong">{about.title}</h2>
      <p className="break-words text-ink-2">{about.message}</p>
      <p className="mt-2">
        <CircleCheck aria-hidden size={14} className="-mt-0.5 mr-1.5 inline text-ink-3" />
        Nothing with this cause needs you any more.
        {lastSeen === undefined ? null : (
          <span className="text-ink-3">
            {" "}
            It was last seen <TimeAgo at={lastSeen} />.
          </span>
        )}
      </p>
      <MarkLine cause={{ fingerprint, title: about.title, standing, lastSeen, mark }} />
    </section>
  );
}
