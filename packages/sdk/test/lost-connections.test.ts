import { expect, test } from "vitest";
import { LostConnections } from "../src/client/lost-connections.ts";

test("an outage is said once, however many partitions it takes and however often each is tried, until all are back", () => {
  const said: string[] = [];
  const connections = new LostConnections((problem, reason) => said.push(`${problem} ${reason?.message}`));
  const first = "The connection to the history was lost. gone";
  for (const partition of [0, 1, 2]) connections.lost(partition, new Error("gone"));
  connections.lost(1, new Error("refused"));
  expect(said).toEqual([first]);
  connections.back(0);
  connections.back(2);
  connections.lost(0, new Error("gone again"));
  expect(said).toEqual([first]);
  connections.back(0);
  connections.back(1);
  connections.back(1);
  connections.lost(2, new Error("gone"));
  expect(said).toEqual([first, first]);
});
