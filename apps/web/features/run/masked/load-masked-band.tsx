import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const MaskedBand = loadWhenOpen(
  () => import("./masked-band.tsx").then((module) => module.MaskedBand),
  () => true,
  <div aria-hidden className="mb-2 px-6 max-[700px]:px-3">
    <div className="skeleton h-9" />
  </div>,
);
