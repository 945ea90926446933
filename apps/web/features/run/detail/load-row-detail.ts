import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RowDetail = loadWhenOpen(
  () => import("./row-detail.tsx").then((module) => module.RowDetail),
  ({ row }) => row !== undefined,
);
