"use client";

import { clsx } from "clsx";
import {
  Bell,
  CalendarClock,
  ChartColumnStacked,
  ChartNoAxesColumn,
  Hammer,
  HandCoins,
  Keyboard,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  ListTree,
  type LucideIcon,
  OctagonAlert,
  Package,
  ScrollText,
  Search,
  Server,
  SquareTerminal,
  UserCheck,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { IconButton } from "@/components/button.tsx";
import { useWrongAlerts } from "@/features/alerts/use-alerts.ts";
import { useSecondPerson, useWaitingForYou } from "@/features/approvals/use-approvals.ts";
import { openEntries, useQuarantine } from "@/features/quarantine/use-quarantine.ts";
import { formatCompact, plural } from "@/lib/number.ts";
import { useRefusals } from "@/lib/use-refusal.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { Actor } from "./actor.tsx";
import { Logo } from "./logo.tsx";
import { useRoutes } from "./namespace-provider.tsx";
import { NamespaceSwitcher } from "./namespace-switcher.tsx";
import type { Theme } from "./theme.ts";
import { ThemeToggle } from "./theme-toggle.tsx";
import { ZoneMenu } from "./zone-menu.tsx";

interface NavProps {
  readonly theme: Theme;
  readonly onTheme: () => void;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

export function Nav({ theme, onTheme, onPalette, onHelp }: NavProps) {
  const routes = useRoutes();
  const { attention: all = 0, attentionSetAside = 0 } = useLiveState();
  const attention = Math.max(0, all - attentionSetAside);
  const { data: quarantine } = useQuarantine();
  const wrong = useWrongAlerts();
  const isSecondNeeded = useSecondPerson() !== undefined;
  const waitingForYou = useWaitingForYou();
  const refusalOf = useRefusals();
  const [auditRefusal, tokensRefusal] = [refusalOf("readAudit"), refusalOf("keepTokens")];
  return (
    <nav
      aria-label="Main"
      className="flex w-44 shrink-0 flex-col border-line border-r bg-surface px-2 pb-2 max-[1000px]:w-13"
    >
      <Link href={routes.overview()} className="flex h-14 items-center gap-2 px-2 font-strong text-base">
        <Logo />
        <span className="max-[1000px]:sr-only">Downbeat</span>
      </Link>
      <NamespaceSwitcher />
      <button
        type="button"
        onClick={onPalette}
        title="Go to a run, a page, an action"
        className="mb-3 flex h-8 items-center gap-2 rounded-md border border-line px-2 text-ink-3 hover:border-line-strong hover:text-ink-2"
      >
        <Search aria-hidden size={14} className="shrink-0" />
        <span className="flex-1 text-left max-[1000px]:sr-only">Go to…</span>
        <span aria-hidden className="text-small max-[1000px]:hidden">
          Ctrl K
        </span>
      </button>
      <NavLink href={routes.overview()} icon={ChartNoAxesColumn} word="Overview" exact />
      <NavLink href={routes.runs()} icon={ListTree} word="Runs" />
      <NavLink href={routes.attention()} icon={OctagonAlert} word="Attention" count={attention} />
      <NavLink href={routes.jobs()} icon={Hammer} word="Jobs" />
      <NavLink href={routes.timers()} icon={CalendarClock} word="Timers" />
      <NavLink href={routes.owed()} icon={HandCoins} word="Owed" />
      <NavLink href={routes.bulks()} icon={ListChecks} word="Bulk actions" />
      <NavLink href={routes.figures()} icon={ChartColumnStacked} word="Figures" />
      <NavLink href={routes.boards()} icon={LayoutDashboard} word="Boards" />
      <NavLink href={routes.analytics()} icon={SquareTerminal} word="Analytics" />
      <NavLink href={routes.system()} icon={Server} word="System" />
      <NavLink
        href={routes.alerts()}
        icon={Bell}
        word="Alerts"
        count={wrong}
        meaning={plural(
          wrong,
          "rule has found something that goes on",
          "rules have found something that goes on",
        )}
      />
      <NavLink
        href={routes.quarantine()}
        icon={Package}
        word="Quarantine"
        count={quarantine === undefined ? 0 : openEntries(quarantine)}
        quiet
      />
      {isSecondNeeded ? (
        <NavLink
          href={routes.approvals()}
          icon={UserCheck}
          word="Approvals"
          count={waitingForYou}
          meaning={plural(waitingForYou, "request waits for you", "requests wait for you")}
        />
      ) : null}
      <NavLink href={routes.audit()} icon={ScrollText} word="Audit" refusal={auditRefusal} />
      <NavLink href={routes.tokens()} icon={KeyRound} word="Tokens" refusal={tokensRefusal} />
      <div className="mt-auto flex flex-wrap items-center gap-0.5 max-[1000px]:flex-col max-[1000px]:flex-nowrap">
        <Actor />
        <IconButton label="Keyboard shortcuts" onClick={onHelp}>
          <Keyboard aria-hidden size={15} />
        </IconButton>
        <ZoneMenu />
        <ThemeToggle theme={theme} onChange={onTheme} />
      </div>
    </nav>
  );
}

interface NavLinkProps {
  readonly href: string;
  readonly icon: LucideIcon;
  readonly word: string;
  readonly exact?: boolean;
  readonly count?: number;
  /** What the count counts; runs that need a person if not given. */
  readonly meaning?: string;
  /** Its count is for whoever looks: nothing waits for a person. */
  readonly quiet?: boolean;
  /** Why there is nothing there for this person. */
  readonly refusal?: string | undefined;
}

function NavLink(props: NavLinkProps) {
  const { href, icon: Icon, word, exact = false, count = 0, meaning, quiet = false, refusal } = props;
  const path = usePathname();
  const current = exact ? path === href : path === href || path.startsWith(`${href}/`);
  if (refusal !== undefined)
    return (
      // biome-ignore lint/a11y/useValidAnchor: a link that leads nowhere says so, and is read out as one
      <a
        role="link"
        aria-disabled
        title={refusal}
        className="mb-0.5 flex h-8 cursor-not-allowed items-center gap-2.5 rounded-md px-2 text-ink-3"
      >
        <Icon aria-hidden size={15} className="shrink-0" />
        <span className="flex-1 max-[1000px]:sr-only">{word}</span>
      </a>
    );
  return (
    <Link
      href={href}
      aria-current={current ? "page" : undefined}
      title={
        count > 0 && !quiet
          ? (meaning ?? plural(count, "run needs a person", "runs need a person"))
          : undefined
      }
      className={clsx(
        "mb-0.5 flex h-8 items-center gap-2.5 rounded-md px-2",
        current ? "bg-sunken font-strong text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
      )}
    >
      <Icon aria-hidden size={15} className={clsx("shrink-0", count > 0 && !quiet && "text-stuck")} />
      <span className="flex-1 max-[1000px]:sr-only">{word}</span>
      {count > 0 ? (
        <span
          className={clsx("text-small max-[1000px]:hidden", quiet ? "text-ink-3" : "font-strong text-stuck")}
        >
          {formatCompact(count)}
        </span>
      ) : null}
    </Link>
  );
}
