import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const StatePane = loadWhenOpen(
  () => import("./state-pane.tsx").then((module) => module.StatePane),
  () => true,
  <div aria-hidden className="skeleton m-4 h-24 min-w-40 flex-1" />,
);
