import { plain } from "../output/print.ts";
import type { SetupLine } from "../wiring.ts";

const words: Readonly<Record<SetupLine["outcome"], string>> = {
  exists: "exists",
  made: "made",
  changed: "changed",
  wouldMake: "would make",
  wouldChange: "would change",
  kept: "kept",
  differs: "DIFFERS",
  unseen: "can't be seen",
};
const width = Math.max(...Object.values(words).map((word) => word.length));

/** `made           topic inbox: 4 partitions` */
export function setupLine({ what, outcome, found, wanted, why }: SetupLine): string {
  const change = found !== undefined && wanted !== undefined ? `${found}, not ${wanted}` : (found ?? wanted);
  const detail = outcome === "changed" || outcome === "wouldChange" ? `${found} → ${wanted}` : change;
  const tail = [detail, why].filter((part) => part !== undefined).join("; ");
  return plain(`${words[outcome].padEnd(width)}  ${what}${tail === "" ? "" : `: ${tail}`}`);
}
