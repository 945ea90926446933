"use client";

import type { NamespaceView } from "@downbeat/api/views";
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { formatNamespace, namespaceCookie } from "@/lib/namespace.ts";
import { type Routes, routesOf } from "@/routes.ts";

interface Namespaces {
  readonly current: NamespaceView;
  /** All that are served, the current one among them. */
  readonly all: readonly NamespaceView[];
  readonly routes: Routes;
}

const NamespaceContext = createContext<Namespaces | undefined>(undefined);

interface NamespaceProviderProps {
  readonly current: NamespaceView;
  readonly all: readonly NamespaceView[];
  readonly children: ReactNode;
}

export function NamespaceProvider({ current, all, children }: NamespaceProviderProps) {
  const name = formatNamespace(current);
  useEffect(() => {
    // For addresses that name none, such as the bare host.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox
    document.cookie = `${namespaceCookie}=${name}; path=/; max-age=31536000; samesite=lax`;
  }, [name]);
  const value = useMemo(() => ({ current, all, routes: routesOf(current) }), [current, all]);
  return <NamespaceContext value={value}>{children}</NamespaceContext>;
}

export function useNamespaces(): Namespaces {
  const namespaces = useContext(NamespaceContext);
  if (namespaces === undefined) throw new Error("useNamespaces needs a NamespaceProvider above it");
  return namespaces;
}

/** The addresses of the namespace that is looked at. */
export function useRoutes(): Routes {
  return useNamespaces().routes;
}
