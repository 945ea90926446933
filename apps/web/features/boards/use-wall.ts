"use client";

import { useEffect, useEffectEvent } from "react";

/** The page for a screen on the wall: the stylesheet leaves out what is for hands, makes the rest larger, and it is dark. */
export function useWall(isWall: boolean, onLeave: () => void): void {
  const leave = useEffectEvent(onLeave);
  useEffect(() => {
    if (!isWall) return;
    const { dataset } = document.documentElement;
    const { theme } = dataset;
    dataset.wall = "";
    dataset.theme = "dark";
    // Whoever leaves full screen by the browser's own key wants the page back, too.
    const onChange = () => {
      if (document.fullscreenElement === null) leave();
    };
    document.addEventListener("fullscreenchange", onChange);
    return () => {
      document.removeEventListener("fullscreenchange", onChange);
      delete dataset.wall;
      if (theme === undefined) delete dataset.theme;
      else dataset.theme = theme;
      if (document.fullscreenElement !== null) void document.exitFullscreen();
    };
  }, [isWall]);
}

/** A browser may refuse it: then the page is large, dark and alone in its window. */
export async function fillScreen(): Promise<void> {
  try {
    await document.documentElement.requestFullscreen();
  } catch {
    // As above.
  }
}
