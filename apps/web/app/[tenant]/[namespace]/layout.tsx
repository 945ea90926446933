import type { NamespaceView } from "@downbeat/api/views";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { formatNamespace, isSameNamespace } from "@/lib/namespace.ts";
import { zoneCookie } from "@/lib/zone.ts";
import { servedNamespaces } from "@/shell/served-namespaces.ts";
import { Shell } from "@/shell/shell.tsx";
import { parseTheme, themeCookie } from "@/shell/theme.ts";
import { Providers } from "./providers.tsx";

interface Props {
  readonly children: ReactNode;
  readonly params: Promise<{ readonly tenant: string; readonly namespace: string }>;
}

async function named(params: Props["params"]): Promise<NamespaceView> {
  const { tenant, namespace } = await params;
  return { tenant: decodeURIComponent(tenant), namespace: decodeURIComponent(namespace) };
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const isOneOfSeveral = (await servedNamespaces()).length > 1;
  const where = isOneOfSeveral ? `${formatNamespace(await named(params))} · Downbeat` : "Downbeat";
  return { title: { default: where, template: `%s · ${where}` } };
}

export default async function NamespaceLayout({ children, params }: Props) {
  const current = await named(params);
  const all = await servedNamespaces();
  if (!all.some((each) => isSameNamespace(each, current))) notFound();
  const kept = await cookies();
  const theme = parseTheme(kept.get(themeCookie)?.value);
  return (
    // What a page has asked, followed and done belongs to one namespace: with another, all of it begins again.
    <Providers
      key={formatNamespace(current)}
      current={current}
      all={all}
      zone={kept.get(zoneCookie)?.value}
      renderedAt={Date.now()}
    >
      <Shell theme={theme}>{children}</Shell>
    </Providers>
  );
}
