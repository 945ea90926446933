import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RunGraphView = loadWhenOpen(
  () => import("./run-graph.tsx").then((module) => module.RunGraphView),
  () => true,
);
