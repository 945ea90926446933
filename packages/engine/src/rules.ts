/**
 * The rules of the core that the simulation can switch off, one at a time, to show that it would notice. Nothing else ever does.
 * Each is a point of the design's "core rule"; the names say what holds when it is on.
 */
export interface Rules {
  readonly acceptRule: boolean;
  readonly ownClaimReadBack: boolean;
  readonly stateUpToOwnClaim: boolean;
  readonly newClaimAfterError: boolean;
  readonly claimsOnlyOnMessage: boolean;
  readonly dropClosesInbox: boolean;
  readonly duplicatesAcknowledgedLate: boolean;
  readonly duplicatesRecognised: boolean;
  readonly acknowledgeAfterEffects: boolean;
  readonly acknowledgeOnReadBack: boolean;
  readonly effectsOnReadBack: boolean;
  readonly dispatchedUpToContiguous: boolean;
  readonly snapshotOfAcceptedOnly: boolean;
  readonly snapshotHoldsUndispatched: boolean;
  readonly snapshotHoldsCursor: boolean;
  readonly throwingInputIsOutcome: boolean;
  readonly deadlyInputIsOutcome: boolean;
  readonly tombstones: boolean;
  readonly overdueSwept: boolean;
  readonly ticks: boolean;
  readonly idleSessionsRenewed: boolean;
}

export const allRules: Rules = {
  acceptRule: true,
  ownClaimReadBack: true,
  stateUpToOwnClaim: true,
  newClaimAfterError: true,
  claimsOnlyOnMessage: true,
  dropClosesInbox: true,
  duplicatesAcknowledgedLate: true,
  duplicatesRecognised: true,
  acknowledgeAfterEffects: true,
  acknowledgeOnReadBack: true,
  effectsOnReadBack: true,
  dispatchedUpToContiguous: true,
  snapshotOfAcceptedOnly: true,
  snapshotHoldsUndispatched: true,
  snapshotHoldsCursor: true,
  throwingInputIsOutcome: true,
  deadlyInputIsOutcome: true,
  tombstones: true,
  overdueSwept: true,
  ticks: true,
  idleSessionsRenewed: true,
};
