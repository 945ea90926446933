"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { ExportStrip } from "@/features/exports/export-strip.tsx";
import { ViewCommands } from "@/features/views/view-commands.tsx";
import { keepFocus } from "@/lib/focus-keeper.ts";
import { AddressStrip } from "./address-strip.tsx";
import { useCommands } from "./commands-provider.tsx";
import { LeftOutStrip } from "./left-out-strip.tsx";
import { CommandPalette } from "./load-command-palette.ts";
import { ShortcutHelp } from "./load-shortcut-help.ts";
import { useRoutes } from "./namespace-provider.tsx";
import { Nav } from "./nav.tsx";
import type { Theme } from "./theme.ts";
import { useThemeSwitch } from "./theme-toggle.tsx";
import { TroubleStrip } from "./trouble-strip.tsx";

export function Shell({ theme: initialTheme, children }: { theme: Theme; children: ReactNode }) {
  const routes = useRoutes();
  const router = useRouter();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(keepFocus, []);
  const { theme, change: changeTheme } = useThemeSwitch(initialTheme);

  useCommands([
    {
      id: "overview",
      label: "Overview",
      group: "Go to",
      keys: "g o",
      run: () => router.push(routes.overview()),
    },
    { id: "runs", label: "Runs", group: "Go to", keys: "g r", run: () => router.push(routes.runs()) },
    {
      id: "attention",
      label: "Attention",
      group: "Go to",
      keys: "g a",
      run: () => router.push(routes.attention()),
    },
    { id: "jobs", label: "Jobs", group: "Go to", keys: "g j", run: () => router.push(routes.jobs()) },
    {
      id: "timers",
      label: "Timers and waits",
      group: "Go to",
      keys: "g t",
      run: () => router.push(routes.timers()),
    },
    {
      id: "case",
      label: "Case in plain language",
      group: "Go to",
      keys: "g c",
      run: () => router.push(routes.case()),
    },
    {
      id: "owed",
      label: "Owed",
      group: "Go to",
      keys: "g w",
      run: () => router.push(routes.owed()),
    },
    {
      id: "figures",
      label: "Figures",
      group: "Go to",
      keys: "g f",
      run: () => router.push(routes.figures()),
    },
    {
      id: "boards",
      label: "Boards",
      group: "Go to",
      keys: "g d",
      run: () => router.push(routes.boards()),
    },
    {
      id: "analytics",
      label: "Analytics",
      group: "Go to",
      keys: "g q",
      run: () => router.push(routes.analytics()),
    },
    {
      id: "bulks",
      label: "Bulk actions",
      group: "Go to",
      keys: "g b",
      run: () => router.push(routes.bulks()),
    },
    {
      id: "system",
      label: "System",
      group: "Go to",
      keys: "g s",
      run: () => router.push(routes.system()),
    },
    {
      id: "alerts",
      label: "Alerts",
      group: "Go to",
      keys: "g l",
      run: () => router.push(routes.alerts()),
    },
    {
      id: "quarantine",
      label: "Quarantine",
      group: "Go to",
      run: () => router.push(routes.quarantine()),
    },
    { id: "approvals", label: "Approvals", group: "Go to", run: () => router.push(routes.approvals()) },
    { id: "audit", label: "Audit", group: "Go to", run: () => router.push(routes.audit()) },
    { id: "account", label: "Your account", group: "Go to", run: () => router.push(routes.account()) },
    { id: "tokens", label: "Tokens", group: "Go to", run: () => router.push(routes.tokens()) },
    {
      id: "stuck",
      label: "Stuck runs",
      group: "Go to",
      run: () => router.push(routes.runsOfStatus("stuck")),
    },
    {
      id: "failed",
      label: "Failed runs",
      group: "Go to",
      run: () => router.push(routes.runsOfStatus("failed")),
    },
    {
      id: "palette",
      label: "Go to a run, a page, an action",
      group: "Everywhere",
      keys: "mod+k",
      keyOnly: true,
      run: () => setPaletteOpen(true),
    },
    { id: "theme", label: "Change the theme", group: "Settings", keys: "t", run: changeTheme },
    { id: "help", label: "Keyboard shortcuts", group: "Everywhere", keys: "?", run: () => setHelpOpen(true) },
  ]);

  return (
    <div className="flex h-dvh">
      <a
        href="#content"
        className="-top-10 absolute left-2 z-50 rounded-md bg-accent-strong px-3 py-1.5 text-white focus:top-2"
      >
        Skip to the content
      </a>
      <Nav
        theme={theme}
        onTheme={changeTheme}
        onPalette={() => setPaletteOpen(true)}
        onHelp={() => setHelpOpen(true)}
      />
      <main
        id="content"
        tabIndex={-1}
        className="flex min-w-0 flex-1 flex-col overflow-y-auto overflow-x-hidden outline-none"
      >
        <TroubleStrip />
        <LeftOutStrip />
        <AddressStrip />
        <ExportStrip />
        {children}
      </main>
      <ViewCommands />
      <CommandPalette open={isPaletteOpen} onOpenChange={setPaletteOpen} />
      <ShortcutHelp open={isHelpOpen} onOpenChange={setHelpOpen} />
    </div>
  );
}
