"use client";

import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";
import { saveFile } from "@/lib/save-file.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { createExportStore, type ExportStore, type ListExport } from "./export-store.ts";

const ExportsContext = createContext<ExportStore | undefined>(undefined);

export function ExportsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(() =>
    createExportStore({ save: saveFile, messageOf, newId: () => crypto.randomUUID() }),
  );
  return <ExportsContext value={store}>{children}</ExportsContext>;
}

export function useExportStore(): ExportStore {
  const store = useContext(ExportsContext);
  if (store === undefined) throw new Error("exports need an ExportsProvider above them");
  return store;
}

const none: readonly ListExport[] = [];

export function useExports(): readonly ListExport[] {
  const store = useExportStore();
  return useSyncExternalStore(store.onChange, store.all, () => none);
}
