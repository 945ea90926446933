"use client";

import type { TimeInText } from "@downbeat/api/views";
import { timedText } from "@/lib/timed-text.ts";
import { useNow } from "@/lib/use-now.ts";

interface TimedTextProps {
  readonly text: string;
  readonly times: readonly TimeInText[] | undefined;
}

/** A sentence of the server whose times go on; whole on hover, where it may be cut. */
export function TimedText({ text, times }: TimedTextProps) {
  // What only says when something is due changes its words at midnight at most.
  const now = useNow(times?.some(({ says }) => says === "elapsed") === true ? 1_000 : 60_000);
  const told = timedText(text, times, now);
  return <span title={told}>{told}</span>;
}
