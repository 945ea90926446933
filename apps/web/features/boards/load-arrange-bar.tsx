import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ArrangeBar = loadWhenOpen(
  () => import("./arrange-bar.tsx").then((module) => module.ArrangeBar),
  () => true,
  <div aria-hidden className="h-6 border-line border-b bg-sunken" />,
);
