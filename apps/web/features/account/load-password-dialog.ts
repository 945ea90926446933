import { loadWhenOpen } from "@/components/load-when-open.tsx";

export const PasswordDialog = loadWhenOpen(
  () => import("./password-dialog.tsx").then((module) => module.PasswordDialog),
  ({ open }) => open,
);
