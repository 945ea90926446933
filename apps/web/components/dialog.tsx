"use client";

import { loadWhenOpen } from "./load-when-open.tsx";

export const Dialog = loadWhenOpen(
  () => import("./dialog-frame.tsx").then((module) => module.DialogFrame),
  ({ open }) => open,
);
