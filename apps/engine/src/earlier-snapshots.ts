import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { KnownClaim } from "@downbeat/engine";
import type { Position } from "@downbeat/message-log";
import { z } from "zod";

const row = z.object({ partition: z.number().int(), json: z.string() });
const head = z.object({ position: z.string(), cursor: z.object({ epoch: z.number().int() }) });

/**
 * What this engine knew of its partitions by other keys than those it has. As long as it doesn't know as much by these, the other files stay: where a key is
 * missing, nothing else tells.
 *
 * @param name of the file by these keys
 * @returns the newest claim of each partition
 */
export function claimsKnownBefore(
  folder: string,
  owner: string,
  name: string,
): ReadonlyMap<number, KnownClaim> {
  const own = claimsIn(join(folder, name));
  const known = new Map<number, KnownClaim>();
  for (const other of readdirSync(folder)) {
    if (!isSnapshotOf(owner, other) || other === name) continue;
    const path = join(folder, other);
    const claims = claimsIn(path);
    const isCovered = claims.every(({ partition, epoch }) =>
      own.some((one) => one.partition === partition && one.epoch >= epoch),
    );
    const isWithoutKeys = other === `${owner}.sqlite`;
    if (own.length > 0 && isCovered && !isWithoutKeys) remove(folder, other);
    for (const { partition, ...claim } of claims) {
      // It stays beside the others, and may be long out of date.
      if (isWithoutKeys && own.some((one) => one.partition === partition)) continue;
      if (claim.epoch > (known.get(partition)?.epoch ?? 0)) known.set(partition, claim);
    }
  }
  return known;
}

function isSnapshotOf(owner: string, file: string): boolean {
  return file === `${owner}.sqlite` || (file.startsWith(`${owner}.keys-`) && file.endsWith(".sqlite"));
}

/** With what stands beside it. */
function remove(folder: string, name: string): void {
  for (const file of readdirSync(folder)) if (file.startsWith(name)) rmSync(join(folder, file));
}

function claimsIn(path: string): readonly (KnownClaim & { readonly partition: number })[] {
  if (!existsSync(path)) return [];
  try {
    const db = new DatabaseSync(path);
    try {
      return db
        .prepare("SELECT partition, json FROM head")
        .all()
        .map((each) => {
          const { partition, json } = row.parse(each);
          const { position, cursor } = head.parse(JSON.parse(json));
          return { partition, epoch: cursor.epoch, position: position as Position, path };
        });
    } finally {
      db.close();
    }
  } catch {
    // A cache that can't be read tells nothing.
    return [];
  }
}
