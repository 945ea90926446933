import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const SaveViewDialog = loadWhenOpen(
  () => import("./save-view-dialog.tsx").then((module) => module.SaveViewDialog),
  () => true,
);
