import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const GoalDialog = loadWhenOpen(
  () => import("./goal-dialog.tsx").then((module) => module.GoalDialog),
  ({ of }) => of !== undefined,
);
