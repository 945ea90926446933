import type { TimelineRow } from "@downbeat/api/views";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedRun } from "../test/run-rows.ts";
import { placeRows } from "../timeline/order.ts";
import { mostNodes, type RunGraph, runGraph } from "./graph.ts";
import { groupRows } from "./groups.ts";

const job = (rowId: string, seqs: readonly [number, number], fields: object = {}): TimelineRow =>
  ({
    kind: "job",
    rowId,
    jobId: rowId,
    jobType: rowId,
    status: "completed",
    attempts: [],
    input: "{}",
    maxAttempts: 1,
    from: seqs[0],
    to: seqs[1],
    firstSeq: seqs[0],
    lastSeq: seqs[1],
    ...fields,
  }) as TimelineRow;
const graphOf = (rows: readonly TimelineRow[]) => runGraph(groupRows(placeRows(rows), () => false));
const edges = ({ edges: all }: RunGraph) => all.map(({ from, to, kind }) => `${from} ${kind} ${to}`).sort();
const places = ({ nodes }: RunGraph) =>
  Object.fromEntries(nodes.map(({ key, column, lane }) => [key, [column, lane]]));

describe("the graph of a run", () => {
  test("forks where two are asked for together, and joins where both were awaited", () => {
    const graph = graphOf([
      job("pay", [2, 4]),
      job("hotel", [5, 9]),
      job("flight", [6, 10]),
      job("mail", [11, 13]),
    ]);
    expect(edges(graph)).toEqual([
      "flight because mail",
      "hotel over mail",
      "pay because flight",
      "pay because hotel",
    ]);
    expect(places(graph)).toEqual({ pay: [0, 0], hotel: [1, 0], flight: [1, 1], mail: [2, 1] });
    expect([graph.columns, graph.lanes]).toEqual([3, 2]);
  });

  test("the loser of a race leads nowhere", () => {
    const graph = graphOf([
      job("first", [2, 6]),
      job("second", [3, 7], { status: "cancelled" }),
      job("mail", [8, 9]),
    ]);
    expect(edges(graph)).toEqual(["first because mail"]);
  });

  test("a loop over two kinds of jobs is two nodes and a way back", () => {
    const rows = Array.from({ length: 24 }, (_, index) =>
      job(`j${index}`, [2 + index * 3, 3 + index * 3], { jobType: index % 2 === 0 ? "fetch" : "store" }),
    );
    const graph = graphOf(rows);
    expect(graph.nodes).toHaveLength(2);
    expect(edges(graph)).toEqual(["do:fetch because do:store", "do:store again do:fetch"]);
  });

  test("a run of nothing is an empty one, and one of very many steps says how many are left", () => {
    expect(runGraph([])).toEqual({ nodes: [], edges: [], columns: 0, lanes: 0, left: 0 });
    const many = Array.from({ length: mostNodes + 5 }, (_, index) =>
      job(`kind${index}`, [2 + index * 3, 3 + index * 3]),
    );
    expect(graphOf(many).left).toBe(5);
  });
});

test("whatever the run, every step is one node in a place of its own, right of all that it comes from", () => {
  fc.assert(
    fc.property(generatedRun, ({ rows }) => {
      const graph = graphOf(rows);
      const entries = groupRows(placeRows(rows), () => false);
      expect(graph.nodes.map(({ key }) => key).sort()).toEqual(entries.map(({ key }) => key).sort());
      expect(new Set(graph.nodes.map(({ column, lane }) => `${column}/${lane}`)).size).toBe(
        graph.nodes.length,
      );
      const byKey = new Map(graph.nodes.map((node) => [node.key, node]));
      for (const { from, to, kind } of graph.edges) {
        const [left, right] = [byKey.get(from), byKey.get(to)];
        if (left === undefined || right === undefined) throw new Error(`${from} or ${to} is no node.`);
        if (kind !== "again") expect(left.column).toBeLessThan(right.column);
      }
      for (const { key, column } of graph.nodes)
        expect(graph.edges.some(({ to, kind }) => to === key && kind !== "again")).toBe(column > 0);
    }),
  );
});
