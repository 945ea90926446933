import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const BoardConflictDialog = loadWhenOpen(
  () => import("./board-conflict.tsx").then((module) => module.BoardConflictDialog),
  ({ conflict }) => conflict !== undefined,
);
