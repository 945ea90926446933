import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ShortcutHelp = loadWhenOpen(
  () => import("./shortcut-help.tsx").then((module) => module.ShortcutHelp),
  ({ open }) => open,
);
