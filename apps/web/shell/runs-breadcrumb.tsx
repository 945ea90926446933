"use client";

import Link from "next/link";
import { useRoutes } from "./namespace-provider.tsx";

/** The way back to the list, before the title of what is within it. */
export function RunsBreadcrumb() {
  const routes = useRoutes();
  return (
    <nav aria-label="Breadcrumb" className="text-ink-3">
      <Link href={routes.runs()} className="rounded hover:text-ink hover:underline">
        Runs
      </Link>
      <span aria-hidden className="pl-2">
        /
      </span>
    </nav>
  );
}
