import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const EntryDialog = loadWhenOpen(
  () => import("./entry-dialog.tsx").then((module) => module.EntryDialog),
  ({ entry }) => entry !== undefined,
);
