import { loadWhenOpen } from "@/components/load-when-open.tsx";
import { RunSkeleton } from "./run-skeleton.tsx";

export const UnknownRun = loadWhenOpen(
  () => import("./unknown-run.tsx").then((module) => module.UnknownRun),
  () => true,
  <RunSkeleton />,
);
