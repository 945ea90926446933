"use client";

import { MapPinOff } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "@/components/empty-state.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";

export default function NotFound() {
  const routes = useRoutes();
  return (
    <EmptyState
      isPage
      icon={MapPinOff}
      title="There is no such page"
      action={
        <Link href={routes.runs()} className="rounded text-accent hover:underline">
          Go to the runs
        </Link>
      }
    >
      The address may be cut short, or of a page that has been renamed. Ctrl K finds runs by their id.
    </EmptyState>
  );
}
