import { plural } from "@/lib/number.ts";

/** A search in what runs say can't look into those that ended long ago. */
export function UnsearchedRuns({ count }: { count: number }) {
  return (
    <p role="status" className="px-6 py-3 text-ink-2 max-[700px]:px-3">
      {plural(count, "run was", "runs were")} not searched: they ended before the server’s hot window, and it
      no longer keeps their inputs, outputs and errors. Analytics can ask the log itself.
    </p>
  );
}
