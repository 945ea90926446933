import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const BulkDialog = loadWhenOpen(
  () => import("./bulk-dialog.tsx").then((module) => module.BulkDialog),
  ({ request }) => request !== undefined,
);
