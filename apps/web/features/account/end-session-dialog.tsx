"use client";

import type { OwnAccount, OwnSession } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { browserWords } from "./browser-words.ts";
import { PasswordInput } from "./password-input.tsx";
import { useAccountChanged } from "./use-account.ts";

type Ended = OwnSession | "others";

interface EndSessionDialogProps {
  /** What is to be ended; closed while there is nothing. */
  readonly ended: Ended | undefined;
  readonly confirmBy: OwnAccount["confirmBy"];
  readonly onClose: () => void;
}

export function EndSessionDialog({ ended, confirmBy, onClose }: EndSessionDialogProps) {
  if (ended === undefined) return null;
  const [title, gone] =
    ended === "others"
      ? ["End all your other sessions?", "They are"]
      : [`End “${browserWords(ended.agent)}”?`, "It is"];
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title={title}
      description={`${gone} signed out within a second, and what was not saved there is lost.`}
    >
      {confirmBy === "signIn" ? (
        <SignInAgain />
      ) : (
        <EndForm ended={ended} asksPassword={confirmBy === "password"} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** The provider asks who they are, and sends them back here. */
function SignInAgain() {
  const routes = useRoutes();
  const query = new URLSearchParams({ again: "1", to: routes.account() });
  return (
    <>
      <p className="mb-4 text-ink-2">You signed in some time ago: sign in again first.</p>
      <a data-first="" href={`/signin/provider?${query}`} className="font-strong text-accent underline">
        Sign in again
      </a>
    </>
  );
}

interface EndFormProps {
  readonly ended: Ended;
  readonly asksPassword: boolean;
  readonly onClose: () => void;
}

/** What is typed is gone with the dialog: a password is kept nowhere. */
function EndForm({ ended, asksPassword, onClose }: EndFormProps) {
  const [password, setPassword] = useState("");
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const changed = useAccountChanged();

  async function end(): Promise<string | undefined> {
    if (ended === "others") await client.account.endOthers.mutate({ password });
    else await client.account.endSession.mutate({ session: ended.id, password });
    await changed();
    onClose();
    return undefined;
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(end);
      }}
    >
      {asksPassword ? (
        <Field label="Your password">
          {(ids) => (
            <PasswordInput
              {...ids}
              data-first=""
              use="current-password"
              value={password}
              onType={setPassword}
            />
          )}
        </Field>
      ) : null}
      <Problem>{problem}</Problem>
      <div className="flex gap-2">
        <Button {...(!asksPassword && { "data-first": "" })} onClick={onClose}>
          Keep {ended === "others" ? "them" : "it"}
        </Button>
        <Button type="submit" look="danger" disabled={isBusy}>
          {ended === "others" ? "End the other sessions" : "End the session"}
        </Button>
      </div>
    </form>
  );
}
