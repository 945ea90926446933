import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const EventList = loadWhenOpen(
  () => import("./event-list.tsx").then((module) => module.EventList),
  () => true,
  <div aria-busy="true" className="flex min-h-0 flex-1 flex-col gap-3 px-6 py-3">
    <div aria-hidden className="skeleton h-4 w-24" />
    <div aria-hidden className="skeleton h-4 w-3/5" />
    <div aria-hidden className="skeleton h-4 w-2/5" />
  </div>,
);
