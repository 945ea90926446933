import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ActionsLog = loadWhenOpen(
  () => import("./actions-log.tsx").then((module) => module.ActionsLog),
  () => true,
  <div aria-hidden className="skeleton mb-4 h-24" />,
);
