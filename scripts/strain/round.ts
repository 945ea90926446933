import { sleep } from "../lib/processes.ts";
import { follow, halfSent, large, slowReaders, statusOf } from "./crowd.ts";

export interface Amounts {
  readonly halfSent: number;
  readonly idle: number;
  readonly reading: number;
  readonly batch: number;
  readonly largeBodies: number;
  readonly slow: number;
  readonly seconds: number;
}

export interface Told {
  readonly pages: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
  readonly batches: Readonly<Record<string, number>>;
  readonly largeBodies: Readonly<Record<string, number>>;
  readonly pushes: number;
}

const everyMs = 500;
const largeBytes = 10_000_000;

/** All of it at once, while people go on asking for pages and calling. */
export async function strain(url: string, amounts: Amounts): Promise<Told> {
  const api = `${url}/trpc/public/default`;
  const live = `${api}/live.changes`;
  const sockets = [
    ...halfSent(url, "/public/default/runs", amounts.halfSent / 2),
    ...halfSent(url, "/trpc/public/default/runs.cancel", amounts.halfSent / 2),
    ...slowReaders(url, "/public/default/runs", amounts.slow),
  ];
  const idle = await follow(live, amounts.idle, false);
  const reading = await follow(live, amounts.reading, true);
  const seen = { pages: [0], calls: [0], batches: [0], largeBodies: [0] } satisfies Record<string, number[]>;
  for (const statuses of Object.values(seen)) statuses.length = 0;
  const batch = `${api}/${Array(amounts.batch).fill("me.get").join(",")}?batch=1`;
  const until = Date.now() + amounts.seconds * 1_000;
  while (Date.now() < until) {
    seen.pages.push(await statusOf(`${url}/public/default/runs`));
    seen.calls.push(await statusOf(`${api}/me.get`));
    seen.batches.push(await statusOf(batch));
    await sleep(everyMs);
  }
  seen.largeBodies.push(...(await large(`${api}/runs.start`, largeBytes, amounts.largeBodies)));
  seen.largeBodies.push(...(await large(`${url}/public/default/runs`, largeBytes, amounts.largeBodies)));
  const pushes = reading.told();
  for (const socket of sockets) socket.destroy();
  idle.close();
  reading.close();
  return {
    pages: counted(seen.pages),
    calls: counted(seen.calls),
    batches: counted(seen.batches),
    largeBodies: counted(seen.largeBodies),
    pushes,
  };
}

function counted(statuses: readonly number[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
