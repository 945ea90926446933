import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const StatePane = loadWhenOpen(
  () => import("./state-pane.tsx").then((module) => module.StatePane),
  () => true,
);
