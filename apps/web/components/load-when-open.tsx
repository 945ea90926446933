"use client";

import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { keepTyping } from "@/lib/keep-typing.ts";
import { whenAtRest } from "@/lib/when-at-rest.ts";

/** By then what was opened has taken the focus, or it never will. */
const focusedWithinMs = 500;

/** Its code comes by itself when it is needed; what is needed soon can be asked for before. */
interface Preloaded {
  /** Resolves when it is there, or can't be had: then it is asked for again, and that is told, when it is needed. */
  readonly preload: () => Promise<void>;
  readonly isLoaded: () => boolean;
}

export type LoadedWhenOpen<Props> = ComponentType<Props> & Preloaded;

/** For what is drawn nowhere until it is needed. */
export function usePreloadAtRest({ preload }: Preloaded): void {
  useEffect(() => whenAtRest(() => void preload()), [preload]);
}

/** Whether all of them are there, or can't be had: until then a page that is drawn at once isn't. */
export function usePreloaded(parts: readonly Preloaded[]): boolean {
  const [isOver, setOver] = useState(() => parts.every(({ isLoaded }) => isLoaded()));
  useEffect(() => {
    void Promise.all(parts.map(({ preload }) => preload())).then(() => setOver(true));
  }, [parts]);
  return isOver;
}

/**
 * What isn't seen until it is opened, such as a dialog: a page's first load does without its code, which comes once the page is at rest, or when it is
 * opened before that. What is typed until then is typed into it. Code that can't be loaded when it is needed is an error of the panel that needs it, and asked
 * for again after that.
 *
 * @param meanwhile shown in its place while it is needed and not there yet; a dialog has no place, and takes the focus when it is there
 */
export function loadWhenOpen<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  isOpen: (props: Props) => boolean,
  meanwhile: ReactNode = null,
): LoadedWhenOpen<Props> {
  let kept: ComponentType<Props> | undefined;
  const preload = async (): Promise<void> => {
    kept ??= await load().catch(() => undefined);
  };
  function WhenOpen(props: Props) {
    const [Loaded, setLoaded] = useState(() => kept);
    const [failure, setFailure] = useState<{ readonly error: unknown }>();
    const isNeeded = isOpen(props);
    useEffect(() => {
      if (Loaded !== undefined) return;
      let isWanted = true;
      const begin = async () => {
        try {
          kept = await load();
          if (isWanted) setLoaded(() => kept);
        } catch (error) {
          if (isWanted && isNeeded) setFailure({ error });
        }
      };
      const callOff = isNeeded ? void begin() : whenAtRest(() => void begin());
      return () => {
        isWanted = false;
        callOff?.();
      };
    }, [Loaded, isNeeded]);
    const isWaiting = isNeeded && Loaded === undefined && failure === undefined && meanwhile === null;
    useEffect(() => {
      if (!isWaiting) return;
      const end = keepTyping();
      return () => void setTimeout(end, focusedWithinMs);
    }, [isWaiting]);
    if (failure !== undefined) throw failure.error;
    if (Loaded !== undefined) return <Loaded {...props} />;
    return isNeeded ? meanwhile : null;
  }
  return Object.assign(WhenOpen, { preload, isLoaded: () => kept !== undefined });
}
