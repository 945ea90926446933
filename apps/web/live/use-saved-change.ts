"use client";

import { useRef } from "react";
import { useLive, useLiveChange, useLiveGap } from "./live-provider.tsx";

/** Something that people share (queries, views, marks) was saved, changed or deleted, here or elsewhere, or may have been. */
export function useSavedChange(refresh: () => void): void {
  // What was known before this was shown: the next change may be the first that it is told.
  const seen = useRef(useLive().state().saved);
  useLiveChange(({ saved }) => {
    if (seen.current !== undefined && seen.current !== saved) refresh();
    seen.current = saved;
  });
  useLiveGap(refresh);
}
