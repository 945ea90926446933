import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { forgetFetched } from "./forget-fetched.ts";

const me = [["me", "get"], { type: "query" }];

test("all that was fetched is dropped but who it was for, and what is on its way doesn't come back", async () => {
  const client = new QueryClient();
  client.setQueryData(me, { actor: "ada" });
  client.setQueryData([["runs", "list"]], ["trip-1"]);
  let answer: (runs: string[]) => void = () => {};
  const late = client.fetchQuery({
    queryKey: [["jobs", "list"]],
    queryFn: () => new Promise<string[]>((resolve) => (answer = resolve)),
  });
  await client
    .getMutationCache()
    .build(client, { mutationFn: async (runId: string) => runId })
    .execute("trip-1");
  forgetFetched(client, me);
  answer(["job-1"]);
  await late.catch(() => {});
  expect(
    client
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey),
  ).toEqual([me]);
  expect(client.getMutationCache().getAll()).toEqual([]);
});
