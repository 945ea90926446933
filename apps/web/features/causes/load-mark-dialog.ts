import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const MarkDialog = loadWhenOpen(
  () => import("./mark-dialog.tsx").then((module) => module.MarkDialog),
  ({ intent }) => intent !== undefined,
);
