import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RunMenu = loadWhenOpen(
  () => import("./run-menu.tsx").then((module) => module.RunMenu),
  () => true,
  <div aria-hidden className="skeleton m-2 h-24 w-60" />,
);
