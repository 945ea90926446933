import type { BreakDown } from "@downbeat/api/views";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { breakDownQuery, refetchAfter } from "./break-down-query.ts";

const paramsOf = (workflow: string) =>
  ({ range: { type: "last", preset: "24h" }, of: "ended", workflow }) as const;

test("while the next question is counted, what is shown goes with the question it answers", async () => {
  const held = Promise.withResolvers<BreakDown>();
  // Nothing of an answer is looked at here, but which it is.
  const answerOf = (workflow: string | undefined) => ({ workflow }) as unknown as BreakDown;
  const ask: Parameters<typeof breakDownQuery>[2] = ({ filter: { workflow } }) =>
    workflow === "B" ? held.promise : Promise.resolve(answerOf(workflow));
  const client = new QueryClient();
  const observer = new QueryObserver(client, breakDownQuery(paramsOf("A"), "UTC", ask));
  const leave = observer.subscribe(() => {});
  const shown = () => {
    const { data, isPlaceholderData } = observer.getCurrentResult();
    return { workflow: data?.params.workflow, breakDown: data?.breakDown, isPlaceholderData };
  };
  try {
    await vi.waitFor(() =>
      expect(shown()).toEqual({ workflow: "A", breakDown: { workflow: "A" }, isPlaceholderData: false }),
    );
    observer.setOptions(breakDownQuery(paramsOf("B"), "UTC", ask));
    expect(shown()).toEqual({ workflow: "A", breakDown: { workflow: "A" }, isPlaceholderData: true });
    held.resolve(answerOf("B"));
    await vi.waitFor(() =>
      expect(shown()).toEqual({ workflow: "B", breakDown: { workflow: "B" }, isPlaceholderData: false }),
    );
  } finally {
    leave();
    client.clear();
  }
});

test("what takes long is asked for again only after ten times as long", () => {
  expect(refetchAfter()).toBe(30_000);
  expect(refetchAfter(200)).toBe(30_000);
  expect(refetchAfter(12_000)).toBe(120_000);
});
