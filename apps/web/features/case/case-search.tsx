"use client";

import { type FormEvent, useEffect, useState } from "react";
import {
  type CaseParams,
  caseAudiences,
  caseLanguages,
} from "@/app/[tenant]/[namespace]/case/search-params.ts";
import { Button } from "@/components/button.tsx";
import { Select, TextInput } from "@/components/field.tsx";
import { FilterChip } from "@/components/filter-chip.tsx";
import { type CaseWords, languageNames } from "./words.ts";

interface CaseSearchProps {
  readonly words: CaseWords;
  readonly params: CaseParams;
  readonly onChange: (params: Partial<CaseParams>) => void;
}

/** What is looked for, in which language it is told, and for whom. */
export function CaseSearch({ words, params, onChange }: CaseSearchProps) {
  const { text = "", language, audience } = params;
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);

  function find(event: FormEvent): void {
    event.preventDefault();
    const asked = typed.trim();
    if (asked !== "") onChange({ text: asked, runId: undefined });
  }

  return (
    <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3 print:hidden">
      <search className="min-w-60 max-w-140 flex-1">
        <form onSubmit={find} className="flex gap-2">
          <TextInput
            aria-label={words.search}
            placeholder={words.search}
            maxLength={200}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <Button type="submit">{words.find}</Button>
        </form>
      </search>
      <fieldset className="flex flex-wrap gap-1" aria-label={words.audience}>
        {caseAudiences.map((each) => (
          <FilterChip
            key={each}
            isChosen={each === audience}
            title={each === "customer" ? words.customerHint : words.colleagueHint}
            onClick={() => onChange({ audience: each })}
          >
            {words[each]}
          </FilterChip>
        ))}
      </fieldset>
      <Select
        aria-label={words.language}
        className="max-w-32"
        value={language}
        onChange={({ target }) => onChange({ language: caseLanguages.find((each) => each === target.value) })}
      >
        {caseLanguages.map((each) => (
          <option key={each} value={each} lang={each}>
            {languageNames[each]}
          </option>
        ))}
      </Select>
    </div>
  );
}
