import { openStatuses, shownStatuses } from "../derive/shown-status.ts";
import { folded } from "../terms.ts";
import type { RunFacet, RunFilter, ShownStatus } from "../views.ts";
import { hasContent } from "./content.ts";
import { listWorkflows } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import { endedFacetWalks, facetParts, facetWalks } from "./facet.ts";
import { type KnownClause, knownClauses, labelled, measuredWalks, walksOf } from "./label-scan.ts";
import {
  endedAs,
  everyRun,
  foundWithoutLabels,
  hasTerm,
  type ListLimits,
  lengthOf,
  narrowed,
  notOfWorkflows,
  ofStatus,
  ofWorkflow,
  type Part,
  type Range,
  type RunScan,
  shownAs,
  termCount,
  withTerm,
} from "./run-scan.ts";

/** A filter whose text need not be looked for in the names of workflows any more. */
interface Question {
  readonly by: "started" | "ended";
  readonly status: readonly ShownStatus[] | undefined;
  readonly workflow: string | undefined;
  readonly notWorkflows: readonly string[];
  readonly labels: readonly KnownClause[];
  readonly text: string;
  /** Where labels may say what nobody is to see: beyond having the text. */
  readonly withoutLabels: readonly Part[];
  readonly facets: readonly Part[];
  /** Of these, those that come first, in their order. */
  readonly named: readonly RunFacet[];
  /** What their events have to say. */
  readonly content: readonly Part[];
}

/**
 * Scans that together give every run the filter lets through, each once.
 *
 * @param mostSorted up to how many runs with the text are sorted; beyond, they are looked for among the newest runs
 */
export function planRuns(
  db: ReadDatabase,
  filter: RunFilter,
  range: Range,
  limits: ListLimits,
  mostSorted = limits.sorted,
): RunScan[] {
  return ofOneWorkflow(filter)
    .flatMap((each) => questionsOf(db, each))
    .flatMap((question) => scansFor(db, question, range, limits, mostSorted));
}

const mostNamed = 20;

/** One of several workflows is asked for of each by itself: its runs have an index, and no run is of two. */
function ofOneWorkflow(filter: RunFilter): RunFilter[] {
  const { workflow, facets = [] } = filter;
  const isNamed = ({ by, not }: RunFacet): boolean => by === "workflow" && not !== true;
  const [first, ...others] = facets.filter(isNamed).map(({ values }) => values);
  if (first === undefined) return [filter];
  const isWanted = (name: string): boolean =>
    (workflow ?? name) === name && others.every((values) => values.includes(name));
  const wanted = [...new Set(first)].filter(isWanted);
  // Each is a walk for each status.
  if (wanted.length > mostNamed) return [filter];
  const rest = facets.filter((facet) => !isNamed(facet));
  return wanted.map((name) => ({ ...filter, workflow: name, facets: rest }));
}

/** Of a workflow whose name begins so, every run matches; of the others, those that have it themselves. */
function questionsOf(db: ReadDatabase, filter: RunFilter): Question[] {
  const { by = "started", status, workflow } = filter;
  const text = filter.text?.trim() ?? "";
  const names = listWorkflows(db).map((known) => known.workflow);
  const hidden = names.filter((name) => db.hidesLabels(name));
  const question = {
    by,
    status,
    workflow,
    notWorkflows: [],
    labels: knownClauses(db, filter),
    text,
    withoutLabels: text === "" || hidden.length === 0 ? [] : [foundWithoutLabels(hidden, text)],
    facets: facetParts(filter),
    named: filter.facets ?? [],
    content: filter.content === undefined ? [] : [hasContent(filter.content)],
  };
  if (text === "") return [question];
  const named = names.filter((name) => folded(name).startsWith(folded(text))).slice(0, mostNamed);
  if (workflow !== undefined) return [named.includes(workflow) ? { ...question, text: "" } : question];
  return [
    { ...question, notWorkflows: named },
    ...named.map((name) => ({ ...question, workflow: name, text: "" })),
  ];
}

function scansFor(
  db: ReadDatabase,
  question: Question,
  range: Range,
  limits: ListLimits,
  mostSorted: number,
): RunScan[] {
  const { status, workflow, notWorkflows, labels, text, withoutLabels, facets, named, content } = question;
  const statuses = status ?? shownStatuses;
  const otherWorkflows = notWorkflows.length === 0 ? [] : [notOfWorkflows(notWorkflows)];
  const notNamed = [...otherWorkflows, ...facets];
  // What is dearest to look at comes last.
  const inText = [...(text === "" ? [] : [hasTerm(text), ...withoutLabels]), ...content];
  const ofLabels = labels.map(labelled);
  const searched = [...notNamed, ...ofLabels, ...inText];

  if (question.by === "ended") {
    const ends = statuses.filter((ended) => !openStatuses.includes(ended));
    for (const [index, facet] of named.entries()) {
      const walks = endedFacetWalks(facet, range);
      if (walks === undefined || lengths(db, walks, mostSorted + 1) > mostSorted) continue;
      const besides = [...otherWorkflows, ...facets.toSpliced(index, 1), ...ofLabels, ...inText];
      const of = [shownAs(ends), ...(workflow === undefined ? [] : [ofWorkflow(workflow)])];
      return walks.map((walk) => narrowed(walk, [...of, ...besides]));
    }
    return ends.map((ended) => narrowed(endedAs(ended, workflow, range), searched));
  }
  const alongStatuses =
    status === undefined && workflow === undefined
      ? [everyRun(range)]
      : statuses.map((shown) => ofStatus(shown, workflow, range));
  const plain = alongStatuses.map((scan) => narrowed(scan, searched));
  if (searched.length === 0) return plain;

  const others = [
    ...(status === undefined ? [] : [shownAs(status)]),
    ...(workflow === undefined ? [] : [ofWorkflow(workflow)]),
    ...notNamed,
  ];
  const ways: Way[] = labels.flatMap((clause, index) => {
    const walks = walksOf(clause, range);
    const rest = [...others, ...ofLabels.toSpliced(index, 1), ...inText];
    return walks === undefined ? [] : [{ walks, rest, length: (most) => lengths(db, walks, most) }];
  });
  for (const [index, facet] of named.entries()) {
    const walks = facetWalks(facet, range);
    if (walks === undefined) continue;
    const asked = status === undefined ? [] : [shownAs(status)];
    const of = workflow === undefined ? asked : [...asked, ofWorkflow(workflow)];
    const rest = [...of, ...otherWorkflows, ...facets.toSpliced(index, 1), ...ofLabels, ...inText];
    ways.push({ walks, rest, length: (most) => lengths(db, walks, most) });
  }
  for (const walk of measuredWalks(labels, range)) {
    // Sorted at each question, so only where few runs are in between.
    if (lengthOf(db, walk, mostSorted + 1) > mostSorted) continue;
    const rest = [...others, ...ofLabels, ...inText];
    ways.push({ walks: [walk], rest, length: (most) => lengthOf(db, walk, most) });
  }
  if (text !== "" && termCount(db, text, mostSorted + 1) <= mostSorted) {
    ways.push({
      walks: [withTerm(text, range)],
      rest: [...others, ...ofLabels, ...withoutLabels, ...content],
      length: (most) => termCount(db, text, most),
    });
  }
  ways.push({
    walks: alongStatuses,
    rest: searched,
    length: (most) => lengths(db, alongStatuses, most),
  });
  return shortest(ways, limits);
}

interface Way {
  readonly walks: readonly RunScan[];
  readonly rest: RunScan["rest"];
  /** Number of candidates, counted up to `most`. */
  readonly length: (most: number) => number;
}

function lengths(db: ReadDatabase, walks: readonly RunScan[], most: number): number {
  return walks.reduce((sum, walk) => sum + lengthOf(db, walk, most), 0);
}

/** The one with the fewest candidates; of several with very many the first, which leaves the least to look for. */
function shortest(ways: readonly Way[], { examined }: ListLimits): RunScan[] {
  let best: Way | undefined;
  let fewest = examined + 1;
  for (const way of ways) {
    const length = way.length(fewest);
    if (best !== undefined && length >= fewest) continue;
    best = way;
    fewest = Math.min(length, fewest);
  }
  return best?.walks.map((walk) => narrowed(walk, best.rest)) ?? [];
}
