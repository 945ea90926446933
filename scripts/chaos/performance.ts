import type { MessageLog } from "@downbeat/message-log";
import type { Client } from "@downbeat/sdk/client";
import type { HandedOver } from "../lib/history-check.ts";
import type { Shown } from "../lib/shown.ts";
import type { Stage } from "../lib/stage.ts";
import type { Traffic } from "../lib/traffic.ts";

/** What a kind of fault is played on: all of Downbeat under load, and what watches it. */
export interface Performance {
  readonly stage: Stage;
  readonly log: MessageLog;
  readonly booking: Client;
  readonly traffic: Traffic;
  readonly shown: Shown;
  readonly handedOver: HandedOver;
  /** Each one sentence: what was promised and did not hold. */
  readonly violations: string[];
  /** Of which a fault damages records. */
  readonly damagedRuns: Set<string>;
  /** How often the fault is played. */
  readonly rounds: number;
  readonly say: (sentence: string) => void;
}

/** Whatever was started is to be ready again. */
export async function allBack({ stage, violations }: Performance): Promise<void> {
  for (const name of await stage.ready())
    violations.push(`${name} did not come back: ${stage.processes.lastLines(name)}`);
}

export function sayRound({ traffic, rounds, say }: Performance, round: number): void {
  say(`Round ${round} of ${rounds}: ${traffic.sent} bookings sent, ${traffic.promised.size} promised.`);
}
