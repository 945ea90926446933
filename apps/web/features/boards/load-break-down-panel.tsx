import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const BreakDownPanel = loadWhenOpen(
  () => import("./break-down-panel.tsx").then((module) => module.BreakDownPanel),
  () => true,
  <div aria-hidden className="skeleton m-4 h-10" />,
);
