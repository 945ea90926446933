import type { Tone } from "@/lib/status.ts";

/** Written out, because Tailwind finds class names by reading them. */
export const toneText: Readonly<Record<Tone, string>> = {
  running: "text-running",
  waiting: "text-waiting",
  stuck: "text-stuck",
  completed: "text-completed",
  failed: "text-failed",
  ended: "text-ended",
};

export const toneSoft: Readonly<Record<Tone, string>> = {
  running: "bg-running-soft",
  waiting: "bg-waiting-soft",
  stuck: "bg-stuck-soft",
  completed: "bg-completed-soft",
  failed: "bg-failed-soft",
  ended: "bg-ended-soft",
};
