import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const DetailPane = loadWhenOpen(
  () => import("./detail-pane.tsx").then((module) => module.DetailPane),
  () => true,
  <div
    aria-busy="true"
    className="flex w-[440px] shrink-0 flex-col gap-3 border-line border-l bg-surface px-5 py-3 max-[1100px]:w-[360px] max-[900px]:w-full"
  >
    <div aria-hidden className="skeleton h-4 w-32" />
    <div aria-hidden className="skeleton h-24" />
  </div>,
);
