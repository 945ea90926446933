export { type Access, type AccessRule, isLoopbackName, parseAccess } from "./configuration.ts";
export { actorOf, type Identity, idOf, localIssuer, shownName } from "./identity.ts";
export { type AccessFile, readAccess } from "./read-access.ts";
export { type Standing, standingOf } from "./role-of.ts";
