import { MapPinOff } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { EmptyState } from "@/components/empty-state.tsx";
import { formatNamespace } from "@/lib/namespace.ts";
import { routesOf } from "@/routes.ts";
import { servedNamespaces } from "@/shell/served-namespaces.ts";

export const metadata: Metadata = { title: "No such page" };

/** Outside every namespace: the address names none that is served here. */
export default async function NotFound() {
  const served = await servedNamespaces();
  return (
    <main className="flex min-h-dvh flex-col pt-[16vh]">
      <EmptyState
        isPage
        icon={MapPinOff}
        title="There is no such page"
        action={
          <ul className="flex flex-col gap-1">
            {served.map((each) => (
              <li key={formatNamespace(each)}>
                <Link href={routesOf(each).overview()} className="rounded text-accent hover:underline">
                  Go to <span className="font-mono">{formatNamespace(each)}</span>
                </Link>
              </li>
            ))}
          </ul>
        }
      >
        An address begins with a tenant and a namespace. This one is cut short, or of a namespace that this
        server does not serve.
      </EmptyState>
    </main>
  );
}
