"use client";

import { ChevronDown, ListFilter } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { plural } from "@/lib/number.ts";
import { eventGroups, failureTypes, lookOfEvent, typesOfGroup } from "./event-types.ts";

interface TypeFilterProps {
  readonly types: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}

export function TypeFilter({ types, onChange }: TypeFilterProps) {
  const isFailures =
    types.length === failureTypes.length && failureTypes.every((type) => types.includes(type));
  return (
    <>
      <Button
        size="small"
        look="quiet"
        aria-pressed={isFailures}
        className={isFailures ? "bg-accent-soft text-ink" : ""}
        onClick={() => onChange(isFailures ? [] : failureTypes)}
      >
        Failures only
      </Button>
      <Popover
        label="Types of events"
        align="end"
        trigger={
          <Button
            size="small"
            look="quiet"
            className={types.length > 0 && !isFailures ? "bg-accent-soft text-ink" : ""}
          >
            <ListFilter aria-hidden size={13} />
            {types.length === 0 || isFailures ? "Types" : plural(types.length, "type")}
            <ChevronDown aria-hidden size={12} />
          </Button>
        }
      >
        <div className="max-h-96 w-60 overflow-y-auto p-1">
          {eventGroups.map((group) => (
            <fieldset key={group} className="mb-2">
              <legend className="mb-0.5 font-strong text-ink-2 text-small">{group}</legend>
              {typesOfGroup(group).map((type) => {
                const Icon = lookOfEvent(type).icon;
                return (
                  <label key={type} className="flex h-6 items-center gap-2 rounded px-1 hover:bg-hover">
                    <input
                      type="checkbox"
                      checked={types.includes(type)}
                      onChange={({ target }) =>
                        onChange(target.checked ? [...types, type] : types.filter((each) => each !== type))
                      }
                    />
                    <Icon aria-hidden size={13} className="text-ink-3" />
                    {type}
                  </label>
                );
              })}
            </fieldset>
          ))}
        </div>
        {types.length === 0 ? null : (
          <Button size="small" look="quiet" onClick={() => onChange([])}>
            All types
          </Button>
        )}
      </Popover>
    </>
  );
}
