"use client";

import { useEffect, useState } from "react";
import { copyText } from "./copy-text.ts";

const shownMs = { copied: 1_500, refused: 8_000 } as const;

/** What came of copying the text, for as long as it is worth saying. */
export function useCopy(text: string) {
  const [outcome, setOutcome] = useState<keyof typeof shownMs>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), shownMs[outcome]);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => setOutcome((await copyText(text)) ? "copied" : "refused");
  return { outcome, copy };
}
