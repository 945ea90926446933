import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const TimelineTable = loadWhenOpen(
  () => import("./timeline-table.tsx").then((module) => module.TimelineTable),
  () => true,
  <div aria-hidden className="skeleton m-4 h-24 min-w-40 flex-1" />,
);
