"use client";

import { useRef } from "react";
import { useLiveChange, useLiveGap } from "./live-provider.tsx";

/** Something that people share (queries, views, marks) was saved, changed or deleted, here or elsewhere, or may have been. */
export function useSavedChange(refresh: () => void): void {
  const seen = useRef<number>(undefined);
  useLiveChange(({ saved }) => {
    if (seen.current !== undefined && seen.current !== saved) refresh();
    seen.current = saved;
  });
  useLiveGap(refresh);
}
