/** Who may do what. Nothing is allowed that doesn't stand here. */

export const roles = ["viewer", "manager", "support", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** What each role may do in addition to those before it. */
const granted = {
  viewer: ["see", "keepOwnAccount"],
  manager: ["keepBoards"],
  support: ["seePayloads", "markCauses", "steerJobs", "sendSignals", "decideApprovals"],
  operator: [
    "startRuns",
    "endRuns",
    "repairRuns",
    "steerTimers",
    "setAlerts",
    "clearQuarantine",
    "revealMasked",
  ],
  admin: ["askSql", "readAudit", "eraseKeys", "keepTokens"],
} as const satisfies Record<Role, readonly string[]>;

export type Permission = (typeof granted)[Role][number];

/** What every procedure says of itself. */
export interface Asked {
  readonly permission: Permission;
}

/** In a sentence: "Only operators and admins may …". */
const words: Readonly<Record<Permission, string>> = {
  see: "see what happens",
  keepOwnAccount: "see and end their own sessions, and change their own password",
  keepBoards: "keep boards, goals and views",
  seePayloads: "see inputs, outputs and payloads",
  markCauses: "mute a cause, note something or mark it as resolved",
  steerJobs: "retry, run, complete or cancel a job",
  sendSignals: "send a signal",
  decideApprovals: "approve or reject another person's request, if they could do it themselves",
  startRuns: "start a run",
  endRuns: "cancel or terminate a run",
  repairRuns: "resume or repair a run",
  steerTimers: "fire, postpone or cancel a timer",
  setAlerts: "set, silence or delete an alert rule, or test a channel",
  clearQuarantine: "resend or drop quarantined messages",
  revealMasked: "reveal masked values, with a reason",
  askSql: "run SQL on all history",
  readAudit: "read the audit",
  eraseKeys: "erase the keys of somebody's payloads",
  keepTokens: "see, make or withdraw tokens",
};

export const permissions: readonly Permission[] = roles.flatMap(
  (role): readonly Permission[] => granted[role],
);

export function may(role: Role, permission: Permission): boolean {
  return roles
    .slice(0, roles.indexOf(role) + 1)
    .some((each) => (granted[each] as readonly string[]).includes(permission));
}

const several: Readonly<Record<Role, string>> = {
  viewer: "viewers",
  manager: "managers",
  support: "support",
  operator: "operators",
  admin: "admins",
};

/** Who may, for one who may not. */
export function forbidden(permission: Permission): string {
  const able = roles.filter((role) => may(role, permission)).map((role) => several[role]);
  const last = able.pop() ?? "nobody";
  const who = able.length === 0 ? last : `${able.join(", ")} and ${last}`;
  return `Only ${who} may ${words[permission]}.`;
}
