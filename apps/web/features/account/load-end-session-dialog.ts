import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const EndSessionDialog = loadWhenOpen(
  () => import("./end-session-dialog.tsx").then((module) => module.EndSessionDialog),
  ({ ended }) => ended !== undefined,
);
