import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const DecideDialog = loadWhenOpen(
  () => import("./decide-dialog.tsx").then((module) => module.DecideDialog),
  ({ of }) => of !== undefined,
);
