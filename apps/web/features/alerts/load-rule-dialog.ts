import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const RuleDialog = loadWhenOpen(
  () => import("./rule-dialog.tsx").then((module) => module.RuleDialog),
  ({ of }) => of !== undefined,
);
