"use client";

import { type Role, roles } from "@downbeat/api/policy";
import type { TokenMade } from "@downbeat/api/views";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { CopyButton } from "@/components/copy-button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, Select, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { known } from "@/lib/known.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useNamespaces } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useTokensChanged } from "./use-tokens.ts";

interface TokenDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

const dayMs = 86_400_000;
const days = [1, 7, 30, 90, 180, 366];

const mayWords: Readonly<Record<Role, string>> = {
  viewer: "sees what happens, without payloads",
  manager: "also keeps boards, goals and views",
  support: "also sees payloads, steers jobs, sends signals",
  operator: "also starts and ends runs",
  admin: "may do everything",
};

export function TokenDialog({ open, onClose }: TokenDialogProps) {
  const {
    current: { tenant, namespace },
  } = useNamespaces();
  // From when it is asked for until "Done": a slip would lose a token that nobody can show again.
  const [isHeld, setHeld] = useState(false);
  if (!open) return null;
  const close = () => {
    setHeld(false);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => (isOpen || isHeld ? undefined : close())}
      title="New token"
      description={`For ${tenant}/${namespace} alone. For several namespaces, use the command line.`}
    >
      <TokenForm onHold={setHeld} onClose={close} />
    </Dialog>
  );
}

interface TokenFormProps {
  readonly onHold: (is: boolean) => void;
  readonly onClose: () => void;
}

function TokenForm({ onHold, onClose }: TokenFormProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [lasts, setLasts] = useState(90);
  const [made, setMade] = useState<TokenMade>();
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const changed = useTokensChanged();

  async function make(): Promise<string | undefined> {
    const called = name.trim();
    if (called === "") return "Say what it is for: history shows that name.";
    onHold(true);
    try {
      setMade(await client.tokens.add.mutate({ name: called, role, lastsMs: lasts * dayMs }));
    } catch (error) {
      onHold(false);
      throw error;
    }
    await changed();
    return undefined;
  }

  if (made !== undefined) return <Made made={made} onClose={onClose} />;
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(make);
      }}
    >
      <Field
        label="What it is for"
        hint="Lowercase letters, digits and . _ @ - only, such as billing-service"
      >
        {(ids) => (
          <TextInput
            {...ids}
            data-first=""
            maxLength={40}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field label="Role" hint={`Its holder ${known(mayWords, role) ?? ""}.`}>
        {(ids) => (
          <Select
            {...ids}
            value={role}
            onChange={({ target }) => setRole(roles.find((one) => one === target.value) ?? "viewer")}
          >
            {roles.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Valid for">
        {(ids) => (
          <Select {...ids} value={lasts} onChange={({ target }) => setLasts(Number(target.value))}>
            {days.map((one) => (
              <option key={one} value={one}>
                {one === 1 ? "1 day" : `${one} days`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? "Making…" : "Make the token"}
      </Button>
    </form>
  );
}

function Made({ made, onClose }: { readonly made: TokenMade; readonly onClose: () => void }) {
  const { name, role, endsAt } = made.token;
  const text = useRef<HTMLInputElement>(null);
  // The button that was pressed is gone, and the focus with it.
  useEffect(() => text.current?.focus(), []);
  return (
    <>
      <p className="mb-3" role="status">
        {name} may ask as {role} until {formatDayAndClock(endsAt)}. Copy it now: nobody can show it again.
      </p>
      <div className="mb-4 flex items-center gap-2">
        <TextInput
          ref={text}
          readOnly
          aria-label="The token"
          className="font-mono text-small"
          value={made.text}
          onFocus={({ target }) => target.select()}
        />
        <CopyButton text={made.text} what="token" />
      </div>
      <Button onClick={onClose}>Done</Button>
    </>
  );
}
