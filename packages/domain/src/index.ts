export {
  type AcceptCursor,
  accept,
  emptyCursor,
  highestEpoch,
  highestOrdinal,
  isUnsigned,
  noteUnreadable,
  type RecordHeader,
  type Signedness,
} from "./accept.ts";
export type { Action } from "./action.ts";
export {
  type Approval,
  type ApprovalEvent,
  type ApprovalStatus,
  type ApprovedOutcome,
  approvalProblem,
  approvalStatus,
  carriedOutBefore,
  evolveApproval,
  type Person,
} from "./approval/approval.ts";
export { type EngineRule, type Evidence, evidenceProblem, type GuardedCommand } from "./approval/evidence.ts";
export {
  engineRuleOf,
  type SecondPersonRule,
  secondPersonWords,
  strictest,
  whyTwo,
} from "./approval/second-person.ts";
export { believedTime, longestLeadMs } from "./believed-time.ts";
export { capitalised } from "./capitalised.ts";
export {
  countDifference,
  type Difference,
  durationDifference,
  rateDifference,
} from "./difference-words.ts";
export { type Encrypted, encryptedOf, encryptedPayload, isEncrypted } from "./encrypted.ts";
export {
  type ExactNumber,
  exactOf,
  exactOfText,
  exactSum,
  exactText,
  exactZero,
  negated,
} from "./exact-number.ts";
export {
  type Failure,
  type FailureCause,
  type FailureKind,
  failureKinds,
  type TimeoutKind,
} from "./failure.ts";
export { causeWords, failureWords, messageWithCause, rootCause } from "./failure-words.ts";
export { countWords, durationWords, plural, rateWords } from "./figure-words.ts";
export { hashString, partitionOf } from "./hash.ts";
export { type Deadline, deadlineOf } from "./job/deadline.ts";
export { idempotencyKey, isInFlight, type OpenJob } from "./job/state.ts";
export {
  fitsLabels,
  foldedLabel,
  type LabelClause,
  type LabelCondition,
  type LabelTest,
  labelTests,
} from "./label/condition.ts";
export { labelsText, type ParsedLabels, parseLabels } from "./label/condition-text.ts";
export { type Measure, measureOf } from "./label/measure.ts";
export * as orderedMap from "./ordered-map.ts";
export type { Outcome } from "./outcome.ts";
export {
  type InboxLook,
  type PartitionFigures,
  PartitionProgress,
  type PartitionSight,
} from "./partition-progress.ts";
export {
  type PartitionTrouble,
  troubleAfterMs,
  troubleOf,
  troubleSentence,
} from "./partition-trouble.ts";
export {
  maxPayloadBytes,
  maxPayloadLevels,
  nestingProblem,
  type Payload,
  payloadProblem,
  utf8Length,
} from "./payload.ts";
export {
  backOffMs,
  defaultRetryPolicy,
  defaultStartToCloseMs,
  type JobOptions,
  type RetryPolicy,
  type WhenExhausted,
} from "./retry-policy.ts";
export { advance, carryOut } from "./run/advance.ts";
export { codeRules } from "./run/code-rules.ts";
export { inCodesOrder } from "./run/codes-order.ts";
export type {
  AnyRunCommand,
  AttemptResult,
  DeadlineCommand,
  Postponement,
  RunCommand,
  RunCommandType,
} from "./run/commands.ts";
export { deadlines, earliestDeadline, wakeUpGraceMs } from "./run/deadlines.ts";
export { decide, deliverBuffered } from "./run/decide.ts";
export type { RunDecision } from "./run/decisions.ts";
export {
  type AskCode,
  type CallOffAttempt,
  type CallOffReason,
  type DispatchAttempt,
  dispatchedAttempts,
  type Effect,
  effectsOf,
  waitingAttempt,
  waitingAttempts,
} from "./run/effects.ts";
export type {
  AskedAgainBecause,
  EventOf,
  Labels,
  RejectionCode,
  RepairOutcome,
  RunEvent,
  RunEventType,
} from "./run/events.ts";
export { type EventContext, evolve, finished, unfinished } from "./run/evolve.ts";
export { idProblem } from "./run/id-problem.ts";
export { type IdTaken, readIdTaken, withoutInputDigests } from "./run/id-taken.ts";
export { inputDigest, inputHash, orderedText } from "./run/input-hash.ts";
export { isInseparable } from "./run/inseparable.ts";
export { maxLabels } from "./run/labels.ts";
export {
  maxBufferedSignals,
  maxOpenInRun,
  maxStepBytes,
  maxStepRequests,
  openProblem,
  stepProblem,
} from "./run/limits.ts";
export {
  isLateRefusal,
  misfit,
  type Standing,
  type Step,
  shortestKnownMs,
  standingOf,
  startsAnew,
} from "./run/misfit.ts";
export { openCount, openJob, openJobs, openTimer, openTimers, openWaits } from "./run/open.ts";
export { ask, question } from "./run/question.ts";
export { setAside } from "./run/repair.ts";
export type {
  AskedCode,
  ClosedRun,
  ClosedStatus,
  Closing,
  DamagedRun,
  Delegated,
  OpenRun,
  OpenTimer,
  RunState,
  RunStatus,
  SignalWait,
} from "./run/state.ts";
export { undecided } from "./run/undecided.ts";
export { undoWithoutCode } from "./run/undo-without-code.ts";
export { wakesCode } from "./run/wakes-code.ts";
export { latestTime, longestDurationMs, longestRetryAfterMs, wholeTime } from "./time-limits.ts";
