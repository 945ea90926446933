import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const StartRunDialog = loadWhenOpen(
  () => import("./start-run-dialog.tsx").then((module) => module.StartRunDialog),
  ({ open }) => open,
);
