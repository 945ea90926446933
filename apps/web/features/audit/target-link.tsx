"use client";

import type { AuditEntry } from "@downbeat/api/views";
import Link from "next/link";
import { shortId } from "@/lib/short-id.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

type Target = AuditEntry["on"][number];

interface TargetLinkProps {
  readonly target: Target;
  /** Everything that it was done to: a job is looked at in its run. */
  readonly all: readonly Target[];
}

/** What it was done to, as a link where there is a page of it. */
export function TargetLink({ target, all }: TargetLinkProps) {
  const routes = useRoutes();
  const words = all.map(({ what, id }) => `${what} ${id}`).join(", ");
  const others = all.filter((one) => one !== target).map(({ id }) => id);
  const shown = (
    <>
      <span className="font-mono">{shortId(target.id, 24)}</span>
      {others.length === 0 ? null : <span className="text-ink-3"> {others.join(" ")}</span>}
    </>
  );
  const href =
    target.what === "run"
      ? routes.run(target.id)
      : target.what === "bulk action"
        ? routes.bulk(target.id)
        : undefined;
  if (href === undefined) return <span title={words}>{shown}</span>;
  return (
    <Link href={href} title={words} className="rounded hover:underline">
      {shown}
    </Link>
  );
}
