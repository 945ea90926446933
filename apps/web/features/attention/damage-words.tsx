import type { ReactNode } from "react";

/** What damage to history is, where a failure of code or of a job would be quoted. */
export function DamageWords({ message }: { message: ReactNode }) {
  return (
    <div className="rounded-md border-stuck border-l-3 py-1.5 pl-3">
      <p className="font-strong">Damaged history</p>
      <p className="whitespace-pre-wrap break-words font-mono text-small">{message}</p>
      <p className="mt-1 text-ink-2">
        The run is set aside at its last good event, and nothing goes on in it until it is repaired. Other
        runs are not touched.
      </p>
    </div>
  );
}
