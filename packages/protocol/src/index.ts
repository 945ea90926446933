export { AcceptedMidway, mostRecordsInFlight, type ProvenRecord } from "./accepted-midway.ts";
export {
  type AlertCondition,
  type AlertFilter,
  type AlertKind,
  type AlertMessage,
  type AlertRule,
  alertChannelName,
  alertRule,
  encodeAlertMessage,
  longestAlertSentence,
  parseAlertMessage,
} from "./alert-message.ts";
export { type JsonSchema, type LeftOut, longestSchema, longestSchemas } from "./announced-schema.ts";
export {
  type ApprovalWord,
  type ApprovedCommand,
  encodeApprovalMessage,
  mostTargetsInPart,
  parseApprovalMessage,
  type RequestedWord,
  requestDigest,
  type TargetsPart,
  targetsDigest,
} from "./approval-message.ts";
export {
  type AuditEntry,
  type AuditOutcome,
  type AuditReading,
  auditEntryOf,
  auditOutcomes,
  encodeAuditEntry,
  longestAuditSql,
  longestAuditText,
  readAuditEntry,
  readableAuditEntry,
} from "./audit-entry.ts";
export {
  type BoardMailMessage,
  encodeBoardMailMessage,
  longestMailProblem,
  parseBoardMailMessage,
} from "./board-mail-message.ts";
export {
  type BoardDefinition,
  type BoardMessage,
  type BoardPanel,
  type BoardSchedule,
  boardDefinition,
  boardSchedule,
  encodeBoardMessage,
  parseBoardMessage,
} from "./board-message.ts";
export { givenLabels, halfPair } from "./broken-text.ts";
export { bulkJobs, bulkWorkflow } from "./built-in.ts";
export {
  type CalledOffMessage,
  encodeCalledOffMessage,
  parseCalledOffMessage,
} from "./called-off-message.ts";
export { Catalogue, type KnownJobType, type KnownWorkflow, type LivingWorker } from "./catalogue.ts";
export {
  type CauseMarkMessage,
  encodeCauseMarkMessage,
  link,
  longestNote,
  parseCauseMarkMessage,
} from "./cause-mark-message.ts";
export {
  closedRunOf,
  encodeCompacted,
  type RecordLink,
  type RemovedRun,
  recordLink,
  removedPart,
  removedPartOf,
} from "./compacted-record.ts";
export { isCutFront } from "./cut-front.ts";
export type { DecisionAnswer, PassedOver } from "./decision-answer.ts";
export type {
  DecisionService,
  DecisionSession,
  Offer,
  Question,
  RecordedEvent,
  StartRefusal,
} from "./decision-service.ts";
export {
  type DefinitionMessage,
  definitionKey,
  encodeDefinitionMessage,
  type JobTypeMessage,
  type WorkflowMessage,
} from "./definition-message.ts";
export { durationText } from "./duration-text.ts";
export { eachOnce } from "./each-once.ts";
export {
  action,
  commandId,
  failure,
  jobOptions,
  labels,
  localId,
  name,
  newRunId,
  payload,
  runId,
} from "./fields.ts";
export {
  encodeGoalMessage,
  type GoalDefinition,
  type GoalMessage,
  goalDefinition,
  goalPercentUnits,
  longestGoalName,
  parseGoalMessage,
} from "./goal-message.ts";
export { recordKeysOf, recordKeysVariables } from "./history-keys.ts";
export {
  type Claim,
  type Decision,
  type DecisionRecord,
  encodeHistoryRecord,
  type HistoryRecord,
  isReadable,
  parseHistoryRecord,
} from "./history-record.ts";
export { type AvroField, type AvroRecord, type AvroType, historySchema } from "./history-schema.ts";
export {
  encodeCommand,
  encodeInboxMessage,
  type InboxCommand,
  InvalidCommand,
  inboxMessageOf,
  type ParsedInboxMessage,
  parseInboxMessage,
  type Tick,
} from "./inbox-message.ts";
export { issuesText } from "./issues-text.ts";
export { encodeJobMessage, type JobMessage, parseJobMessage } from "./job-message.ts";
export { jsonList } from "./json-list.ts";
export { type KeepClosed, keepClosedOf, keepClosedVariables, keepDuration } from "./keep-closed.ts";
export { labelClauses, mostLabelClauses, mostPanelClauses } from "./label-clauses.ts";
export {
  type LogAddress,
  type LogAddressVariables,
  logAddress,
  logAddressVariables,
} from "./log-address.ts";
export { isLoopbackHost } from "./loopback-host.ts";
export {
  formatNamespaceName,
  type NamespaceName,
  namespaceList,
  namespacePart,
  namespacesMeant,
  parseNamespaceName,
} from "./namespace-name.ts";
export { nearestName } from "./nearest-name.ts";
export {
  changeList,
  isOpenToOthers,
  type ListFormat,
  patiently,
  readList,
  refuseOpen,
  refuseWritable,
} from "./own-file.ts";
export { parseJsonFile } from "./parse-json-file.ts";
export { mostEncryptable, PayloadKey, type PayloadUse, UnreadablePayload } from "./payload-cipher.ts";
export { PayloadKeyFile, payloadKeysVariables } from "./payload-key-file.ts";
export {
  changePayloadKeys,
  erasePayloadKeys,
  newPayloadKey,
  type PayloadKeyEntry,
  PayloadKeyRing,
  parsePayloadKeys,
  payloadSubject,
  readPayloadKeys,
} from "./payload-keys.ts";
export {
  encodeQuarantineMarkMessage,
  parseQuarantineMarkMessage,
  type QuarantineMarkMessage,
} from "./quarantine-mark-message.ts";
export {
  encodeQuarantineMessage,
  parseQuarantineMessage,
  type QuarantineMessage,
} from "./quarantine-message.ts";
export {
  type AskedQuestion,
  mostQuestionBytes,
  type ParsedQuestions,
  parseQuestionMessage,
  questionKey,
  questionMessageOf,
  questionParts,
} from "./question-message.ts";
export { readHeader } from "./read-header.ts";
export {
  type HistoryReading,
  type ReadDecision,
  type ReadDecisionRecord,
  readHistory,
  readRecord,
} from "./read-history.ts";
export { isReadPast } from "./read-past.ts";
export { reasonOf } from "./reason.ts";
export { type RecordProperties, recordProperties } from "./record-checksum.ts";
export type { DatedMessage, HistoryMessage } from "./record-damage.ts";
export { compactedFormat, formatOf, recordFormat, signedFormat } from "./record-format.ts";
export {
  followedBy,
  type HistoryKeys,
  lackedKey,
  RecordKeys,
  type RecordKeysFile,
  readRecordKeys,
  recordKeysFile,
  type SignedLink,
} from "./record-keys.ts";
export type { RecordProof } from "./record-proof.ts";
export { parseRunEvents, recordableEvents, runEvent, runEventTypes } from "./run-event.ts";
export {
  encodeSavedInputMessage,
  longestInputName,
  longestSavedInput,
  parseSavedInputMessage,
  type SavedInputMessage,
} from "./saved-input-message.ts";
export {
  encodeSavedQueryMessage,
  longestQuery,
  longestQueryName,
  parseSavedQueryMessage,
  type SavedQueryMessage,
} from "./saved-query-message.ts";
export {
  encodeSavedViewMessage,
  longestViewName,
  longestViewQuery,
  parseSavedViewMessage,
  type SavedViewMessage,
  viewedColumn,
  viewedLists,
} from "./saved-view-message.ts";
export { type SchemaCheck, type SchemaIssue, schemaCheck } from "./schema-check.ts";
export type { Seals, SealUse } from "./seals.ts";
export { engineRuleText, secondPersonText } from "./second-person-text.ts";
export { type SignIn, type SignInVariables, signIn, signInVariables } from "./sign-in.ts";
export {
  longestLabelName,
  longestLabelValue,
  longestName,
  longestReason,
  longestRefusal,
  longestRunId,
} from "./text-limits.ts";
export { encodeTimerMessage, longestDelayMs, parseTimerMessage, type TimerMessage } from "./timer-message.ts";
export { longestTokenMs, tokenName } from "./token-name.ts";
export { readToldError, type ToldError } from "./told-error.ts";
export { namePattern, partitionedTopics, singleTopics, subscriptions, topics } from "./topics.ts";
export {
  type AliveMessage,
  encodeWorkerMessage,
  mostAnnounced,
  type WorkerMessage,
} from "./worker-message.ts";
