import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const CompensationLedger = loadWhenOpen(
  () => import("./compensation-ledger.tsx").then((module) => module.CompensationLedger),
  () => true,
  <div aria-hidden className="skeleton mb-4 h-24" />,
);
