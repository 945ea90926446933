import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ActionDialog = loadWhenOpen(
  () => import("./action-dialog.tsx").then((module) => module.ActionDialog),
  ({ request }) => request !== undefined,
);
