import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const CommandPalette = loadWhenOpen(
  () => import("./command-palette.tsx").then((module) => module.CommandPalette),
  ({ open }) => open,
);
