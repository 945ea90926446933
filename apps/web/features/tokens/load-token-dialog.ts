import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const TokenDialog = loadWhenOpen(
  () => import("./token-dialog.tsx").then((module) => module.TokenDialog),
  ({ open }) => open,
);
