import type { Slots } from "@downbeat/analytics";
import type { Backfill, RunLookups } from "@downbeat/cold-history";
import type { AuditEntry, NamespaceName } from "@downbeat/protocol";
import type { ProjectionFeed, ReadModel } from "@downbeat/read-model";
import type { AccountDesk } from "./account/account-desk.ts";
import type { Alerts } from "./alerts/alerts.ts";
import type { AlertChannels, AlertWatching } from "./alerts/channels.ts";
import type { QueryDesk } from "./analytics/query-desk.ts";
import type { Announcements } from "./announcements/announcements.ts";
import type { Approvals } from "./approvals/approvals.ts";
import type { Audit } from "./audit/audit.ts";
import type { Boards } from "./boards/boards.ts";
import type { BoardPost } from "./boards/mail-board.ts";
import type { CauseMarks } from "./causes/cause-marks.ts";
import type { SharedCausesInShort } from "./causes/shared-causes.ts";
import type { SharedAttention } from "./changes/shared-attention.ts";
import type { ToldLists } from "./changes/told-lists.ts";
import type { CommandSender } from "./commands/command-sender.ts";
import type { SentCommands } from "./commands/sent-commands.ts";
import type { CursorScope } from "./cursor-scope.ts";
import type { ExportDesk } from "./exports/export-desk.ts";
import type { Goals } from "./goals/goals.ts";
import type { JobTopics } from "./job-topics.ts";
import type { LivePushes } from "./live/live-pushes.ts";
import type { Masking } from "./masking/masking.ts";
import type { Reveals } from "./masking/reveals.ts";
import type { Role } from "./permissions/policy.ts";
import type { QuarantineMarks } from "./quarantine/quarantine-marks.ts";
import type { SavedInputs } from "./saved-inputs/saved-inputs.ts";
import type { SavedQueries } from "./saved-queries/saved-queries.ts";
import type { SavedViews } from "./saved-views/saved-views.ts";
import type { SharedAnswers } from "./shared/shared-answers.ts";
import type { AboutServer } from "./system/about-server.ts";
import type { TokenDesk } from "./tokens/token-desk.ts";
import type {
  AttentionItem,
  AttentionList,
  BreakDown,
  FreshnessPart,
  GoalFigures,
  SignedIn,
} from "./views.ts";
import type { WaitWatch } from "./waits/wait-watch.ts";

/** What the verbs work with: one for each namespace that is served, so that a verb can't reach into another. */
export interface Services {
  readonly readModel: ReadModel;
  readonly feed: ProjectionFeed;
  /** Finds the events of runs that have left the read model. */
  readonly lookups: RunLookups;
  /** What was before the read model begins, where somebody can tell. */
  readonly earlier: Backfill | undefined;
  readonly commands: CommandSender;
  /** Of these, what history has not answered. */
  readonly sent: SentCommands;
  readonly jobTopics: JobTopics;
  readonly waits: WaitWatch;
  readonly pushes: LivePushes;
  readonly attention: SharedAttention;
  readonly toldAttention: ToldLists<AttentionItem, AttentionList["groups"][number]>;
  readonly causesInShort: SharedCausesInShort;
  readonly cursors: CursorScope;
  readonly queries: QueryDesk;
  /** For break-downs: each looks at every run that it is about. */
  readonly breakDowns: Slots;
  readonly sharedBreakDowns: SharedAnswers<BreakDown>;
  readonly exports: ExportDesk;
  readonly savedQueries: SavedQueries;
  readonly savedViews: SavedViews;
  readonly savedInputs: SavedInputs;
  readonly goals: Goals;
  readonly boards: Boards;
  readonly boardPost: BoardPost;
  readonly sharedGoalFigures: SharedAnswers<GoalFigures>;
  readonly causeMarks: CauseMarks;
  readonly quarantineMarks: QuarantineMarks;
  readonly alerts: Alerts;
  readonly alertChannels: AlertChannels;
  readonly alertWatching: () => AlertWatching;
  readonly announcements: Announcements;
  readonly approvals: Approvals;
  readonly audit: Audit;
  readonly masking: Masking;
  readonly reveals: Reveals;
  readonly freshnessParts: () => readonly FreshnessPart[];
  readonly about: AboutServer;
  readonly now: () => number;
  readonly newId: () => string;
  /** How long a mutation waits for its outcome, ms. */
  readonly outcomeTimeoutMs: number;
}

/** What a verb knows of who asks. */
export interface Context extends Services {
  readonly actor: string;
  /** In this namespace. */
  readonly role: Role;
  /** Absent where nobody signs in. */
  readonly signedIn?: SignedIn | undefined;
  /** How they are signed in now. */
  readonly session?: string | undefined;
  readonly from?: AuditEntry["from"];
  /** Absent where nobody signs in. */
  readonly tokens?: TokenDesk | undefined;
  /** Of whoever asks; absent where they have no session. */
  readonly account?: AccountDesk | undefined;
  /** Aborted when whoever asked has gone. */
  readonly signal?: AbortSignal | undefined;
}

/** What is asked of the server as a whole. */
export interface ServerContext {
  /** Those that are served; the first is the default. */
  readonly namespaces: readonly NamespaceName[];
}
