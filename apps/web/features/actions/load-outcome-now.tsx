import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const OutcomeNow = loadWhenOpen(
  () => import("./outcome-now.tsx").then((module) => module.OutcomeNow),
  () => true,
  <div aria-hidden className="skeleton my-1 h-4 w-40" />,
);
