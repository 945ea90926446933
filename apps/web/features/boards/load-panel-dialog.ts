import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const PanelDialog = loadWhenOpen(
  () => import("./panel-dialog.tsx").then((module) => module.PanelDialog),
  ({ of }) => of !== undefined,
);
