"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { createContext, Fragment, type ReactNode, useContext, useEffect, useState } from "react";
import { parseZone, showTimesOf, zoneCookie } from "@/lib/zone.ts";

interface Zone {
  /** `undefined`: the reader's own. */
  readonly chosen: string | undefined;
  readonly choose: (zone: string | undefined) => void;
}

const ZoneContext = createContext<Zone | undefined>(undefined);

/**
 * One time zone for all that is shown: what the address says, else what was chosen here, else the reader's own. A chosen one stands in every address, so that whoever is sent a
 * link sees the same days.
 *
 * @param kept chosen on an earlier visit
 */
export function ZoneProvider({ kept, children }: { kept: string | undefined; children: ReactNode }) {
  const asked = parseZone(useSearchParams().get("tz"));
  const pathname = usePathname();
  const [chosen, setChosen] = useState(asked ?? parseZone(kept));
  const [lastAsked, setLastAsked] = useState(asked);
  if (asked !== lastAsked) {
    setLastAsked(asked);
    if (asked !== undefined) setChosen(asked);
  }
  showTimesOf(chosen);

  // biome-ignore lint/correctness/useExhaustiveDependencies: every page that is gone to has an address of its own
  useEffect(() => putIntoAddress(chosen), [chosen, asked, pathname]);

  function choose(zone: string | undefined): void {
    setChosen(zone);
    putIntoAddress(zone);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox
    document.cookie = `${zoneCookie}=${encodeURIComponent(zone ?? "")}; path=/; max-age=${zone === undefined ? 0 : 31_536_000}; samesite=lax`;
  }

  return (
    <ZoneContext value={{ chosen, choose }}>
      <Fragment key={chosen ?? ""}>{children}</Fragment>
    </ZoneContext>
  );
}

export function useZone(): Zone {
  const zone = useContext(ZoneContext);
  if (zone === undefined) throw new Error("useZone needs a ZoneProvider above it");
  return zone;
}

function putIntoAddress(zone: string | undefined): void {
  const url = new URL(window.location.href);
  if ((url.searchParams.get("tz") ?? undefined) === zone) return;
  if (zone === undefined) url.searchParams.delete("tz");
  else url.searchParams.set("tz", zone);
  window.history.replaceState(null, "", url);
}
