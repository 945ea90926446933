import { topics } from "@downbeat/protocol";
import { permissionsAnswer } from "../setup/steps/permissions.ts";
import { knownPartitions } from "../setup/steps/topics.ts";
import type { Check, Finding } from "./finding.ts";

/** Whoever may write to history can write what no engine decided. */
export const historyWriters: Check = async ({ cluster, path, topics: admin, engineRoles, runtime }) => {
  if (engineRoles === undefined) return [];
  if (runtime?.authorizationEnabled === "false") return [everybody];
  const partitions = (await knownPartitions(admin)).get("history") ?? 0;
  const places = [
    { at: `namespaces/${path}/permissions`, where: "in the whole namespace" },
    ...["history", ...Array.from({ length: partitions }, (_, partition) => topics.history(partition))].map(
      (topic) => ({ at: `persistent/${path}/${topic}/permissions`, where: `to ${topic}` }),
    ),
  ];
  /** Where each role may do what. */
  const granted = new Map<string, Map<string, string>>();
  for (const { at, where } of places) {
    const seen = await cluster.glimpse(at, permissionsAnswer);
    if (typeof seen === "string") return [unseen(where)];
    for (const [role, actions] of Object.entries(seen.value ?? {}))
      for (const action of actions) {
        const known = granted.get(role) ?? new Map<string, string>();
        // The widest is asked for first.
        if (!known.has(action)) known.set(action, where);
        granted.set(role, known);
      }
  }
  const others = Array.from(granted).flatMap(([role, actions]) => {
    const where = actions.get("produce");
    return where === undefined || engineRoles.includes(role) ? [] : [`${JSON.stringify(role)} (${where})`];
  });
  const lacking = engineRoles.filter((role) => {
    const actions = granted.get(role);
    return actions?.has("produce") !== true || !actions.has("consume");
  });
  return [
    ...(others.length > 0 ? [tooMany(others, path)] : []),
    ...(lacking.length > 0 ? [tooFew(lacking, path)] : []),
  ];
};

const everybody: Finding = {
  id: "history-writers",
  severity: "error",
  found:
    "the brokers ask nobody for permission (authorizationEnabled=false): everybody who reaches them may write to history",
  means:
    "permissions by topic hold nobody back; what others write is believed wherever records are not signed",
  mend: "authenticationEnabled=true and authorizationEnabled=true in broker.conf, or sign records (docs/security.md)",
};

function tooMany(roles: readonly string[], path: string): Finding {
  return {
    id: "history-writers",
    severity: "error",
    found: `others than engines may write to history: ${roles.join(", ")}`,
    means:
      "whoever signs in as one of them can write what no engine decided; it is believed wherever records are not signed",
    mend: `pulsar-admin namespaces revoke-permission --role … ${path}, and grant them the topics that they need: npx downbeat setup --worker-roles … (docs/pulsar.md)`,
  };
}

function tooFew(roles: readonly string[], path: string): Finding {
  return {
    id: "engine-permissions",
    severity: "error",
    found: `${roles.map((role) => JSON.stringify(role)).join(", ")} may not both write and read history`,
    means: "an engine that signs in so decides nothing, unless it is a superuser or the tenant's admin",
    mend: `npx downbeat setup --engine-roles …, or pulsar-admin namespaces grant-permission --role … --actions produce,consume ${path}`,
  };
}

function unseen(where: string): Finding {
  return {
    id: "history-writers",
    severity: "unseen",
    found: `who may write ${where} can't be seen`,
    means: "whether engines alone write history is not known",
    mend: "ask as the tenant's admin",
  };
}
