"use client";

import { type LabelClause, labelsText } from "@downbeat/domain";
import { useEffect, useState } from "react";
import { figureLabels } from "./figure-labels.ts";
import { LabelsInput } from "./labels-input.tsx";

interface LabelFilterProps {
  readonly labels: readonly LabelClause[];
  readonly onChange: (labels: readonly LabelClause[]) => void;
}

/** Of which labels figures are. They are looked for at every run, so only when somebody has typed to the end. */
export function LabelFilter({ labels, onChange }: LabelFilterProps) {
  const asked = labelsText(labels);
  const [text, setText] = useState(asked);
  const [problem, setProblem] = useState<string>();
  // The address can change by other means: back, or a link.
  useEffect(() => {
    setText(asked);
    setProblem(undefined);
  }, [asked]);

  function ask(): void {
    const parsed = figureLabels(text);
    setProblem("problem" in parsed ? parsed.problem : undefined);
    if (!("problem" in parsed) && labelsText(parsed.clauses) !== asked) onChange(parsed.clauses);
  }

  return (
    <div className="w-72 max-w-full">
      <LabelsInput
        aria-label="With labels"
        placeholder="Labels, such as country=JP AND tier!=gold"
        aria-invalid={problem !== undefined}
        value={text}
        onChange={setText}
        onBlur={ask}
        onKeyDown={({ key }) => (key === "Enter" ? ask() : undefined)}
      />
      {problem === undefined ? null : (
        <p role="alert" className="mt-1 break-words text-small text-stuck">
          {problem}
        </p>
      )}
    </div>
  );
}
