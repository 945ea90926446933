import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const GoalPanel = loadWhenOpen(
  () => import("./goal-panel.tsx").then((module) => module.GoalPanel),
  () => true,
  <div aria-hidden className="skeleton m-4 h-10" />,
);
