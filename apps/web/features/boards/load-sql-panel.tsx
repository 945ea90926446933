import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const SqlPanel = loadWhenOpen(
  () => import("./sql-panel.tsx").then((module) => module.SqlPanel),
  () => true,
  <div aria-hidden className="skeleton m-4 h-10" />,
);
