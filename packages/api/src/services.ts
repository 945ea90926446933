import { randomBytes } from "node:crypto";
import { type Analytics, Slots } from "@downbeat/analytics";
import type { Backfill, RunLookups } from "@downbeat/cold-history";
import type { SecondPersonRule } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import type { NamespaceName, PayloadKeyFile, Seals } from "@downbeat/protocol";
import type { ProjectionFeed, ReadModel } from "@downbeat/read-model";
import { Alerts } from "./alerts/alerts.ts";
import type { AlertChannels, AlertWatching } from "./alerts/channels.ts";
import { QueryDesk } from "./analytics/query-desk.ts";
import { Announcements } from "./announcements/announcements.ts";
import { Approvals } from "./approvals/approvals.ts";
import { Audit, type AuditOptions } from "./audit/audit.ts";
import { Boards } from "./boards/boards.ts";
import type { BoardPost } from "./boards/mail-board.ts";
import { CauseMarks } from "./causes/cause-marks.ts";
import { SharedCausesInShort } from "./causes/shared-causes.ts";
import { SharedAttention } from "./changes/shared-attention.ts";
import { ToldLists } from "./changes/told-lists.ts";
import { CommandPublisher } from "./commands/command-publisher.ts";
import { SentCommands } from "./commands/sent-commands.ts";
import type { Services } from "./context.ts";
import { CursorScope } from "./cursor-scope.ts";
import { ExportDesk } from "./exports/export-desk.ts";
import { createFreshnessParts } from "./freshness-parts.ts";
import { Goals } from "./goals/goals.ts";
import { JobTopics } from "./job-topics.ts";
import { LivePushes } from "./live/live-pushes.ts";
import { LiveState } from "./live/live-state.ts";
import type { MaskRule } from "./masking/mask-rules.ts";
import { Masking } from "./masking/masking.ts";
import { Reveals } from "./masking/reveals.ts";
import { RunPayloads } from "./masking/run-payloads.ts";
import { QuarantineMarks } from "./quarantine/quarantine-marks.ts";
import { SavedInputs } from "./saved-inputs/saved-inputs.ts";
import { SavedQueries } from "./saved-queries/saved-queries.ts";
import { SavedViews } from "./saved-views/saved-views.ts";
import { SharedAnswers } from "./shared/shared-answers.ts";
import type { AboutServer } from "./system/about-server.ts";
import { WaitWatch } from "./waits/wait-watch.ts";

export interface ServiceParts {
  readonly log: MessageLog;
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly lookups: RunLookups;
  readonly earlier: Backfill | undefined;
  readonly about: AboutServer;
  /** Where people's own queries are answered. */
  readonly analytics: readonly Analytics[];
  /** Why Pulsar SQL is not there; absent where none is configured. */
  readonly pulsarSqlTrouble?: (() => string | undefined) | undefined;
  /** Where people can be told of alerts. */
  readonly alertChannels: AlertChannels;
  readonly alertWatching: () => AlertWatching;
  /** How boards are sent. */
  readonly boardPost: BoardPost;
  /** What is personal, besides what authors declare. */
  readonly masked?: readonly MaskRule[] | undefined;
  /** By which payloads are shown as they were before they were encrypted. */
  readonly payloadKeys?: PayloadKeyFile | undefined;
  /** What needs a second person. */
  readonly secondPerson?: SecondPersonRule | undefined;
  /** By which servers and engines know what a server says; absent where no keys are configured. */
  readonly seals?: Seals | undefined;
  readonly audit: Pick<AuditOptions, "path" | "onTrouble" | "onLost" | "lostBefore" | "onUnreadable">;
}

/** What the API needs for one namespace, made from its log and what is folded from it. */
export function createServices(name: NamespaceName, parts: ServiceParts): Services {
  const { log, feed, readModel, lookups, earlier, analytics, about, pulsarSqlTrouble } = parts;
  const { alertChannels, alertWatching, boardPost } = parts;
  feed.onRebuilt(() => readModel.reopen());
  const jobTopics = new JobTopics(log, Date.now);
  const announcements = new Announcements({ log });
  const waits = new WaitWatch({ readModel, jobTopics, announcements, now: Date.now });
  const masking = new Masking({
    readModel,
    announcements,
    rules: parts.masked,
    payloads: new RunPayloads(parts.payloadKeys),
  });
  readModel.searchOnly((runId, events) => masking.events(runId, events));
  readModel.hideLabels((workflow) => masking.mayMask(workflow));
  const causeMarks = new CauseMarks({ log });
  const live = new LiveState({ feed, readModel, waits, marks: causeMarks, now: Date.now });
  const newId = () => randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0");
  const audit = new Audit({ ...parts.audit, log, newId, now: Date.now });
  const freshnessParts = createFreshnessParts({
    feed,
    workers: () => announcements.present(),
    pulsarSqlTrouble,
    auditTrouble: () => audit.trouble,
  });
  const savedQueries = new SavedQueries({ log });
  const savedViews = new SavedViews({ log });
  const savedInputs = new SavedInputs({ log });
  const goals = new Goals({ log });
  const boards = new Boards({ log });
  const approvals = new Approvals({ log, rule: parts.secondPerson, seals: parts.seals });
  const quarantineMarks = new QuarantineMarks({ log });
  const alerts = new Alerts({ log });
  const saved = () =>
    savedQueries.revision +
    savedViews.revision +
    savedInputs.revision +
    goals.revision +
    boards.revision +
    causeMarks.revision +
    quarantineMarks.revision +
    alerts.known.revision +
    approvals.revision;
  return {
    readModel,
    feed,
    lookups,
    earlier,
    commands: new CommandPublisher(log),
    sent: new SentCommands({ log, feed, now: Date.now }),
    jobTopics,
    waits,
    pushes: new LivePushes({ masking, feed, readModel, earlier, live, freshnessParts, saved, now: Date.now }),
    attention: new SharedAttention({ readModel, feed, now: Date.now }),
    toldAttention: new ToldLists(),
    causesInShort: new SharedCausesInShort({ readModel, feed, now: Date.now }),
    cursors: new CursorScope(name),
    queries: new QueryDesk(analytics, Date.now),
    breakDowns: new Slots(1, 30),
    sharedBreakDowns: new SharedAnswers({ now: () => performance.now() }),
    exports: new ExportDesk(),
    savedQueries,
    savedViews,
    savedInputs,
    goals,
    boards,
    boardPost,
    sharedGoalFigures: new SharedAnswers({ now: () => performance.now() }),
    causeMarks,
    quarantineMarks,
    alerts,
    alertChannels,
    alertWatching,
    announcements,
    approvals,
    audit,
    masking,
    reveals: new Reveals(Date.now),
    freshnessParts,
    about,
    now: Date.now,
    newId,
    outcomeTimeoutMs: 5_000,
  };
}
