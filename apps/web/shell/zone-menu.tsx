"use client";

import { Globe } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, IconButton } from "@/components/button.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Popover } from "@/components/popover.tsx";
import { ownZone, parseZone, shownZone } from "@/lib/zone.ts";
import { useCommands } from "./commands-provider.tsx";
import { useZone } from "./zone-provider.tsx";

/** Which time zone all times and days are of. */
export function ZoneMenu() {
  const { chosen, choose } = useZone();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  function take(zone: string | undefined): void {
    setOpen(false);
    choose(zone);
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const zone = parseZone(text.trim());
    if (zone === undefined) setProblem("No such time zone. Names are such as Europe/Berlin.");
    else take(zone);
  }
  useCommands([
    { id: "zone", label: "Choose the time zone…", group: "Settings", run: () => setOpen(true) },
    {
      id: "zone-utc",
      label: "Show times in UTC",
      group: "Settings",
      refusal: chosen === "UTC" ? "They are." : undefined,
      run: () => take("UTC"),
    },
    {
      id: "zone-own",
      label: "Show times of this browser’s zone",
      group: "Settings",
      refusal: chosen === undefined ? "They are." : undefined,
      run: () => take(undefined),
    },
  ]);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label="Time zone"
      trigger={
        <IconButton label={`Times of ${chosen ?? "this browser’s time zone"}. Change`}>
          <Globe aria-hidden size={15} />
        </IconButton>
      }
    >
      <div className="w-72 p-2">
        <p className="mb-2 text-ink-2">
          Times and days are those of <span className="font-strong text-ink">{shownZone()}</span>.
        </p>
        <div className="mb-3 flex flex-wrap gap-2">
          <Button size="small" aria-pressed={chosen === undefined} onClick={() => take(undefined)}>
            This browser’s ({ownZone()})
          </Button>
          <Button size="small" aria-pressed={chosen === "UTC"} onClick={() => take("UTC")}>
            UTC
          </Button>
        </div>
        <form onSubmit={onSubmit}>
          <Field label="Another one" error={problem}>
            {(ids) => (
              <TextInput
                {...ids}
                list="time-zones"
                maxLength={60}
                value={text}
                placeholder="Europe/Berlin"
                onChange={(event) => {
                  setText(event.target.value);
                  setProblem(undefined);
                }}
              />
            )}
          </Field>
          <datalist id="time-zones">
            {isOpen
              ? Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone}>{zone}</option>)
              : null}
          </datalist>
          <Button type="submit" disabled={text.trim() === ""}>
            Use this time zone
          </Button>
        </form>
      </div>
    </Popover>
  );
}
