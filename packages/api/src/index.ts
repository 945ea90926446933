export type { AccountDesk } from "./account/account-desk.ts";
export type { OwedNotice, SavedRule } from "./alerts/alert-fold.ts";
export { Alerts } from "./alerts/alerts.ts";
export type { AlertChannels, AlertChannelView, AlertWatching } from "./alerts/channels.ts";
export { calmMs, judge } from "./alerts/judge.ts";
export { type Measured, type Measurement, measure } from "./alerts/measure.ts";
export { ApiError, type ApiErrorCode } from "./api-error.ts";
export { type AppRouter, appRouter } from "./app-router.ts";
export { Approvals } from "./approvals/approvals.ts";
export { carryOut } from "./approvals/carry-out.ts";
export { Audit, type Happened } from "./audit/audit.ts";
export type { AuditTrouble } from "./audit/audit-writer.ts";
export { whoOf } from "./audit/audited.ts";
export { anonymous } from "./audit/repeated.ts";
export { auditSentence } from "./audit/trouble-sentence.ts";
export { Boards } from "./boards/boards.ts";
export { lastDue } from "./boards/due.ts";
export { type BoardPost, beginMail, carryMail } from "./boards/mail-board.ts";
export { bulkJobs, bulkWorkflow, steerSignal } from "./bulk/built-in.ts";
export { type BulkHands, bulkHands } from "./bulk/hands.ts";
export { isOpenLetter, outcomeOfLetter } from "./bulk/letters.ts";
export {
  type BulkInput,
  type BulkTarget,
  keyOf,
  type ListInput,
  mostTargets,
  type PartInput,
  type PartOutput,
  type TargetPage,
  uniqueTargets,
} from "./bulk/order.ts";
export type { CommandSender } from "./commands/command-sender.ts";
export type { Context, ServerContext, Services } from "./context.ts";
export { FollowChanges } from "./live/follow-input.ts";
export { type FollowedBy, Follower } from "./live/follower.ts";
export { revealedTo } from "./masking/reveals.ts";
export type { Role } from "./permissions/policy.ts";
export { type ServerRouter, serverRouter } from "./server-router.ts";
export { createServices } from "./services.ts";
export { type AboutServer, type DiskUse, shownAddress } from "./system/about-server.ts";
export type { TokenDesk } from "./tokens/token-desk.ts";
