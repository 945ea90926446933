import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RowDetail = loadWhenOpen(
  () => import("./row-detail.tsx").then((module) => module.RowDetail),
  ({ row }) => row !== undefined,
  // It takes no focus: keys go on meaning what they do.
  <div aria-hidden className="skeleton h-24" />,
);
