import type { OwedStanding } from "@downbeat/api/views";
import { CircleX, LoaderCircle, type LucideIcon, Undo2 } from "lucide-react";
import type { Tone } from "@/lib/status.ts";

interface StandingLook {
  readonly word: string;
  readonly meaning: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

export const standingLooks: Readonly<Record<OwedStanding, StandingLook>> = {
  undoing: {
    word: "Under way",
    meaning: "The run is still undoing what was done",
    icon: LoaderCircle,
    tone: "running",
  },
  left: {
    word: "Left undone",
    meaning: "The run ended before this was undone: nobody will undo it by itself",
    icon: Undo2,
    tone: "failed",
  },
  failed: {
    word: "Undo failed",
    meaning: "The job that undoes it was refused, failed or was cancelled",
    icon: CircleX,
    tone: "stuck",
  },
};

const places = new Map([
  ["input", "what the undo is given"],
  ["output", "the receipt of what was done"],
  ["run", "what the run was given"],
  ["label", "a label"],
]);

/** `price.cents, of what the undo is given`: names within the path keep their dots. */
export function amountWords(path: string): string {
  const [root = ""] = path.split(".", 1);
  const place = places.get(root);
  if (place === undefined) return path;
  const name = path.slice(root.length + 1).replace(/\\([\\.])/g, "$1");
  return name === "" ? `the number that is ${place}` : `${name}, of ${place}`;
}
