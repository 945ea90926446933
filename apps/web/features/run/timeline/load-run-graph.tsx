import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RunGraphView = loadWhenOpen(
  () => import("./run-graph.tsx").then((module) => module.RunGraphView),
  () => true,
  <div aria-hidden className="skeleton m-4 h-24 min-w-40 flex-1" />,
);
