"use client";

import type { BulkTargetView } from "@downbeat/api/views";
import Link from "next/link";
import { toneText } from "@/components/tone.ts";
import { shortId } from "@/lib/short-id.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { outcomeLook, verbWords } from "./bulk-words.ts";

interface TargetTableProps {
  readonly verb: string;
  readonly targets: readonly BulkTargetView[];
  /** Nothing more is sent. */
  readonly isOver: boolean;
}

export function TargetTable({ verb, targets, isOver }: TargetTableProps) {
  const routes = useRoutes();
  const haveJobs = verbWords(verb).of !== "run";
  return (
    <table aria-label="Targets" className="w-full">
      <thead>
        <tr className="text-left text-ink-3 text-small">
          <th scope="col" className="h-7 w-16 pl-6 text-right font-normal max-[700px]:pl-3">
            No.
          </th>
          <th scope="col" className="px-3 font-normal">
            Run
          </th>
          {haveJobs ? (
            <th scope="col" className="px-3 font-normal">
              Job
            </th>
          ) : null}
          <th scope="col" className="px-3 font-normal">
            Outcome
          </th>
        </tr>
      </thead>
      <tbody>
        {targets.map(({ number, runId, jobId, outcome, message, startedRunId }) => (
          <tr key={number} className="border-line border-t hover:bg-hover">
            <td className="h-8 pl-6 text-right text-ink-3 max-[700px]:pl-3">{number + 1}</td>
            <td className="px-3">
              <Link
                href={routes.run(runId, jobId === undefined ? {} : { row: jobId })}
                title={runId}
                className="rounded font-mono hover:underline"
              >
                {shortId(runId, 28)}
              </Link>
              {startedRunId === undefined ? null : (
                <span className="ml-2 text-ink-3 max-[700px]:ml-0 max-[700px]:block">
                  started again as{" "}
                  <Link
                    href={routes.run(startedRunId)}
                    title={startedRunId}
                    className="whitespace-nowrap rounded font-mono hover:underline"
                  >
                    {shortId(startedRunId)}
                  </Link>
                </span>
              )}
            </td>
            {haveJobs ? <td className="px-3 text-ink-3">{jobId}</td> : null}
            <td className="px-3">
              <OutcomeWord outcome={outcome} isOver={isOver} />
              {message === undefined ? null : <span className="ml-2 break-words text-ink-2">{message}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OutcomeWord({ outcome, isOver }: { outcome: string; isOver: boolean }) {
  const { word, tone } = outcomeLook(outcome, isOver);
  return <span className={`whitespace-nowrap ${toneText[tone]}`}>{word}</span>;
}
