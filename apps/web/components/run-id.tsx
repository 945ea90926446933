import { clsx } from "clsx";
import { shortId } from "@/lib/short-id.ts";
import { CopyButton } from "./copy-button.tsx";

/** An id, shortened in the middle, complete on hover, copied with one click. */
export function RunId({ id, max, className }: { id: string; max?: number; className?: string }) {
  return (
    <span className={clsx("group/id inline-flex min-w-0 items-center gap-0.5", className)}>
      <span className="truncate font-mono" title={id}>
        {shortId(id, max)}
      </span>
      <CopyButton
        text={id}
        what="run id"
        tabIndex={-1}
        className="opacity-0 focus-visible:opacity-100 group-hover/id:opacity-100"
      />
    </span>
  );
}
