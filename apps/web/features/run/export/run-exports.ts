import type { ExportAs } from "./use-export.ts";

export const runExports: readonly { readonly as: ExportAs; readonly label: string }[] = [
  { as: "json", label: "Download the history as JSON" },
  { as: "text", label: "Download the history as text" },
  { as: "clipboard", label: "Copy the history as text" },
];
