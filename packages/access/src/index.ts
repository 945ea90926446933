export { isOpenToOthers } from "@downbeat/protocol";
export { AccountBook } from "./accounts/account-book.ts";
export { changeAccounts, readAccounts } from "./accounts/account-file.ts";
export { type Account, accountName } from "./accounts/accounts.ts";
export { guessableProblem } from "./accounts/guessable.ts";
export { knownNames } from "./accounts/known-names.ts";
export { hashPassword, isPassword, longestPassword, passwordProblem } from "./accounts/password.ts";
export { type Access, type AccessRule, isLoopbackName, parseAccess, place } from "./configuration.ts";
export { actorOf, type Identity, idOf, idOfPerson, localIssuer, shownName } from "./identity.ts";
export { maskedIn } from "./masked-in.ts";
export { ProviderKeys } from "./provider-tokens/provider-keys.ts";
export { calledBy, isJwt, ProviderTokens, type Vouching } from "./provider-tokens/provider-tokens.ts";
export { type AccessFile, readAccess } from "./read-access.ts";
export { isIn, rolesOf, type Standing, standingOf, wholeOf } from "./role-of.ts";
export { secondPersonIn } from "./second-person-in.ts";
export {
  changesOf,
  type Seen,
  type SeenChange,
  seenAccount,
  seenEnd,
  seenList,
  seenToken,
  toldIn,
} from "./seen/seen.ts";
export { EndedPeople, endedSince, endSessionsOf, personId } from "./sessions/ended-people.ts";
export {
  forgetSignedIn,
  type NamedSession,
  namedSessions,
  nameOfSession,
  notedEveryMs,
  noteSignedIn,
  type SignedInSession,
  signedInSessions,
  sweepSignedIn,
} from "./sessions/signed-in.ts";
export {
  changeTokens,
  newToken,
  personPattern,
  readTokens,
  standingOfToken,
  type Token,
  TokenBook,
} from "./tokens/tokens.ts";
export { vouchedClaims } from "./vouched-claims.ts";
