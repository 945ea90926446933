"use client";

import { useRouter } from "next/navigation";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useSavedViews } from "./use-saved-views.ts";

const lists = { runs: "Runs", timers: "Timers", owed: "Owed" } as const;

/** Offers every saved view in the palette, whichever page one is on. */
export function ViewCommands() {
  const routes = useRoutes();
  const router = useRouter();
  const { data } = useSavedViews();
  useCommands(
    (data?.views ?? []).map((view) => ({
      id: `view-${view.id}`,
      label: `${view.name} (${lists[view.list]}${view.owner === undefined ? "" : ", mine"})`,
      group: "Saved views" as const,
      run: () => router.push(routes.view(view)),
    })),
  );
  return null;
}
