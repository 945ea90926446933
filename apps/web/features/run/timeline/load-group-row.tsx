import { loadWhenOpen } from "@/components/load-when-open.tsx";

/** Most runs have no rows that are grouped. */
export const GroupRow = loadWhenOpen(
  () => import("./group-row.tsx").then((module) => module.GroupRow),
  () => true,
  <div aria-hidden />,
);
