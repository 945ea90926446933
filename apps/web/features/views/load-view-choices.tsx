import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const ViewChoices = loadWhenOpen(
  () => import("./view-choices.tsx").then((module) => module.ViewChoices),
  () => true,
  <div aria-hidden className="skeleton m-2 h-16 w-68" />,
);
