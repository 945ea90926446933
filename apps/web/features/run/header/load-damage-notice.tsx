import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const DamageNotice = loadWhenOpen(
  () => import("./damage-notice.tsx").then((module) => module.DamageNotice),
  () => true,
  <div aria-hidden className="skeleton mb-4 h-24" />,
);
