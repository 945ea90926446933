import type { AlertMessage, AlertRule } from "@downbeat/protocol";
import type { AlertIncident } from "../views.ts";

export interface SavedRule {
  readonly ruleId: string;
  readonly rule: AlertRule;
  /** Another one each time that it is saved. */
  readonly version: number;
  readonly by: string;
  readonly at: number;
}

type Of = "opened" | "resolved";

/** Somebody who is to be told and was not. */
export interface OwedNotice {
  readonly incident: AlertIncident;
  readonly of: Of;
  readonly channel: string;
}

interface KnownRule {
  saved?: SavedRule;
  version: number;
  changeId: string;
  /** The rule as it was when it was there last: whoever was told of an incident is told of its end, too. */
  last: AlertRule;
  /** Number of its last incident. */
  number: number;
  open?: AlertIncident;
}

/**
 * Older ones that are over, and of whose end nobody is still to be told, are forgotten: they are for looking back, and history has what happened to the runs.
 */
const mostIncidents = 1_000;

/**
 * What is on the topic of alerts, the same for every server. The order of the log decides: a change of a rule counts for the version that its sender has seen, a
 * beginning for the number that comes next while none is open, an end for the one that is open. So two servers that both look write one incident.
 */
export class AlertFold {
  readonly #rules = new Map<string, KnownRule>();
  /** By `ruleId/number`, oldest first. */
  readonly #incidents = new Map<string, AlertIncident>();
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  get rules(): readonly SavedRule[] {
    return [...this.#rules.values()].flatMap(({ saved }) => (saved === undefined ? [] : [saved]));
  }

  of(ruleId: string): SavedRule | undefined {
    return this.#rules.get(ruleId)?.saved;
  }

  versionOf(ruleId: string): number {
    return this.#rules.get(ruleId)?.version ?? 0;
  }

  /** Whether the message with this id is what made the rule as it is. */
  isBy(ruleId: string, changeId: string): boolean {
    return this.#rules.get(ruleId)?.changeId === changeId;
  }

  openOf(ruleId: string): AlertIncident | undefined {
    return this.#rules.get(ruleId)?.open;
  }

  /** Number of the rule's last incident, 0 where it had none. */
  numberOf(ruleId: string): number {
    return this.#rules.get(ruleId)?.number ?? 0;
  }

  /** Newest first. */
  get incidents(): readonly AlertIncident[] {
    return [...this.#incidents.values()].reverse();
  }

  /** Rules with an open incident, those that were deleted with it included. */
  get open(): readonly AlertIncident[] {
    return [...this.#rules.values()].flatMap(({ open }) => (open === undefined ? [] : [open]));
  }

  /**
   * Whom nobody has told, in the order in which they are to be told. While a rule is silenced nobody is owed anything; who was not told that something
   * began need not hear that it is over.
   */
  owed(now: number): readonly OwedNotice[] {
    const owed: OwedNotice[] = [];
    for (const incident of this.#incidents.values()) {
      const known = this.#rules.get(incident.ruleId);
      if (known === undefined || (known.last.silencedUntil ?? 0) > now) continue;
      if (incident.resolvedAt === undefined) {
        for (const channel of known.last.channels)
          if (!isTold(incident, channel, "opened")) owed.push({ incident, of: "opened", channel });
      } else for (const channel of owedTheEnd(incident)) owed.push({ incident, of: "resolved", channel });
    }
    return owed;
  }

  take(message: AlertMessage): void {
    switch (message.type) {
      case "ruleSaved":
      case "ruleDeleted":
        return this.#takeChange(message);
      case "incidentOpened":
        return this.#takeOpened(message);
      case "incidentResolved":
        return this.#takeResolved(message);
      case "notified":
        return this.#takeNotice(message);
    }
  }

  #takeChange(message: Extract<AlertMessage, { type: "ruleSaved" | "ruleDeleted" }>): void {
    const { ruleId, replaces, by, at, changeId } = message;
    const known = this.#rules.get(ruleId);
    if (replaces !== (known?.version ?? 0)) return;
    const version = replaces + 1;
    const kept = {
      version,
      changeId,
      number: known?.number ?? 0,
      ...(known?.open !== undefined && { open: known.open }),
    };
    if (message.type === "ruleSaved") {
      const { rule } = message;
      this.#rules.set(ruleId, { ...kept, last: rule, saved: { ruleId, rule, version, by, at } });
    } else if (known !== undefined) this.#rules.set(ruleId, { ...kept, last: known.last });
    else return;
    this.#revision++;
  }

  #takeOpened({ ruleId, number, at, sentence }: Extract<AlertMessage, { type: "incidentOpened" }>): void {
    const known = this.#rules.get(ruleId);
    if (known?.saved === undefined || known.open !== undefined || number !== known.number + 1) return;
    const { name } = known.saved.rule;
    const incident = { ruleId, number, name, openedAt: at, sentence, notices: [] };
    known.number = number;
    this.#set(known, incident);
  }

  #takeResolved({ ruleId, number, at, sentence }: Extract<AlertMessage, { type: "incidentResolved" }>): void {
    const known = this.#rules.get(ruleId);
    if (known?.open?.number !== number) return;
    this.#set(known, { ...known.open, resolvedAt: at, resolution: sentence });
  }

  #takeNotice(message: Extract<AlertMessage, { type: "notified" }>): void {
    const { ruleId, number, of, channel, outcome, at, problem } = message;
    const known = this.#rules.get(ruleId);
    const incident = this.#incidents.get(`${ruleId}/${number}`);
    if (known === undefined || incident === undefined) return;
    if (incident.notices.some((notice) => notice.channel === channel && notice.of === of)) return;
    const notice = { of, channel, outcome, at, ...(problem !== undefined && { problem }) };
    this.#set(known, { ...incident, notices: [...incident.notices, notice] });
  }

  #set(known: KnownRule, incident: AlertIncident): void {
    this.#incidents.set(`${incident.ruleId}/${incident.number}`, incident);
    if (incident.resolvedAt === undefined) known.open = incident;
    else if (known.open?.number === incident.number) delete known.open;
    this.#revision++;
    this.#trim();
  }

  #trim(): void {
    for (const [key, oldest] of this.#incidents) {
      if (this.#incidents.size <= mostIncidents) break;
      if (oldest.resolvedAt === undefined || owedTheEnd(oldest).length > 0) continue;
      this.#incidents.delete(key);
      this.#forgetDeleted(oldest.ruleId);
    }
  }

  /** With its last incident a rule that was deleted leaves nothing behind. */
  #forgetDeleted(ruleId: string): void {
    if (this.#rules.get(ruleId)?.saved !== undefined) return;
    for (const incident of this.#incidents.values()) if (incident.ruleId === ruleId) return;
    this.#rules.delete(ruleId);
  }
}

function isTold({ notices }: AlertIncident, channel: string, of: Of): boolean {
  return notices.some((notice) => notice.channel === channel && notice.of === of);
}

/** Who was told of the beginning, and not yet of the end. */
function owedTheEnd(incident: AlertIncident): string[] {
  return incident.notices.flatMap(({ channel, of, outcome }) =>
    of === "opened" && outcome === "delivered" && !isTold(incident, channel, "resolved") ? [channel] : [],
  );
}
