import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const HoverCard = loadWhenOpen(
  () => import("./hover-card.tsx").then((module) => module.HoverCard),
  ({ hovered }) => hovered !== undefined,
  // It takes no focus: keys go on meaning what they do.
  <span hidden />,
);
