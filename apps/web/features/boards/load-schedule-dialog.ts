import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ScheduleDialog = loadWhenOpen(
  () => import("./schedule-dialog.tsx").then((module) => module.ScheduleDialog),
  ({ open }) => open,
);
