import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const HoverCard = loadWhenOpen(
  () => import("./hover-card.tsx").then((module) => module.HoverCard),
  ({ hovered }) => hovered !== undefined,
);
