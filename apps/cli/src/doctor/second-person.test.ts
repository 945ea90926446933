import type { AccessFile } from "@downbeat/access";
import { parseAccess } from "@downbeat/access";
import { expect, test } from "vitest";
import { secondPerson } from "./second-person.ts";

const name = { tenant: "acme", namespace: "orders" };
const nothing = { terminate: false, complete: false, bulk: false };

function file(...rules: readonly object[]): AccessFile {
  const roles = [{ role: "admin", who: "everyone" }];
  const text = JSON.stringify({ accounts: "accounts.json", roles, secondPerson: rules });
  return { ...parseAccess(text), accountsFile: undefined, tokensFile: "tokens.json" };
}

test("nothing is found where no access file is given, or none of its rules is for the namespace", () => {
  const told = undefined;
  expect(secondPerson({ access: undefined, name, told })).toEqual([]);
  expect(secondPerson({ access: file(), name, told })).toEqual([]);
  expect(secondPerson({ access: file({ terminate: true, in: ["other/*"] }), name, told })).toEqual([]);
});

test("a rule is named, and that it isn't seen whether engines have it, unless somebody says", () => {
  const access = file({ terminate: true, bulkAbove: 100 });
  expect(secondPerson({ access, name, told: undefined })).toEqual([
    expect.objectContaining({
      id: "second-person-engines",
      severity: "unseen",
      found: expect.stringMatching(/^Terminating runs and acting on more than 100 at once need a second/),
      mend: expect.stringContaining("DOWNBEAT_SECOND_PERSON=terminate,bulk"),
    }),
  ]);
  expect(secondPerson({ access, name, told: { ...nothing, terminate: true, bulk: true } })).toEqual([
    expect.objectContaining({ id: "second-person", severity: "note" }),
  ]);
});

test("engines that are told something else are a warning, with what comes of it", () => {
  const access = file({ terminate: true });
  const told = { ...nothing, complete: true, bulk: true };
  expect(secondPerson({ access, name, told })).toEqual([
    {
      id: "second-person-differs",
      severity: "warning",
      found: expect.stringMatching(
        /^by the access file, terminating runs needs .*; engines are told complete,bulk$/,
      ),
      means:
        "whoever writes to the log terminates a run alone; and what one person does at a server is refused by the engine where it completes a job with a value",
      mend: "start engines with DOWNBEAT_SECOND_PERSON=terminate,bulk",
    },
  ]);
  expect(secondPerson({ access: file(), name, told })).toEqual([
    expect.objectContaining({
      severity: "warning",
      mend: expect.stringContaining("without DOWNBEAT_SECOND_PERSON"),
    }),
  ]);
});
