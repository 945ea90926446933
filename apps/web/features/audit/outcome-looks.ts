import type { AuditOutcome } from "@downbeat/api/views";
import { Check, CircleHelp, CircleX, type LucideIcon, ShieldX } from "lucide-react";
import type { Tone } from "@/lib/status.ts";

interface OutcomeLook {
  readonly word: string;
  readonly meaning: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

export const outcomeLooks: Readonly<Record<AuditOutcome["is"], OutcomeLook>> = {
  done: { word: "Done", meaning: "It was done, or the engine took it", icon: Check, tone: "completed" },
  refused: { word: "Refused", meaning: "By a rule: nothing was done", icon: ShieldX, tone: "stuck" },
  failed: {
    word: "Failed",
    meaning: "It was tried, and something went wrong",
    icon: CircleX,
    tone: "failed",
  },
  undecided: {
    word: "Undecided",
    meaning: "Not known within seconds; the run’s history has the outcome",
    icon: CircleHelp,
    tone: "waiting",
  },
};
