"use client";

import { useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { EmptyState } from "@/components/empty-state.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { forgetFetched } from "./forget-fetched.ts";
import { useSessionEnd } from "./live-provider.tsx";

/**
 * What was shown to somebody is taken away when their session has ended: from the page, and from what was fetched for it. It is asked for again once they
 * are back. What they typed stays with the drafts of dialogs, in the memory of this tab.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  return useSessionEnd() ? <SignedOut /> : children;
}

function SignedOut() {
  const path = usePathname();
  const query = useSearchParams().toString();
  const to = query === "" ? path : `${path}?${query}`;
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => forgetFetched(queryClient, trpc.me.get.queryKey()), [queryClient, trpc]);
  useTitle("Signed out · Downbeat");
  return (
    <main className="h-dvh overflow-y-auto">
      <div role="alert">
        <EmptyState
          isPage
          icon={LogOut}
          title="You are not signed in any more"
          action={
            // Outside of the dashboard's own routes: the server answers it.
            <a
              href={`/signin?${new URLSearchParams({ to, why: "ended" })}`}
              className="font-strong text-accent underline"
            >
              Sign in again
            </a>
          }
        >
          What this page showed is taken away. If you typed something into a dialog and didn’t send it, sign
          in in another tab instead: this page then goes on, and most dialogs still have it.
        </EmptyState>
      </div>
    </main>
  );
}

/** The one before may name a run. */
function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
}
