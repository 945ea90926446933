import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { refuseWritable } from "@downbeat/protocol";
import { type Access, parseAccess } from "./configuration.ts";

export interface AccessFile extends Access {
  /** Whole path of the file of accounts. */
  readonly accountsFile: string | undefined;
  readonly tokensFile: string;
}

/** @throws Error that names the file and says what is wrong with it */
export function readAccess(path: string): AccessFile {
  let source: string;
  try {
    refuseWritable(path, "chmod go-w");
    source = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`The access file ${path} can't be read: ${(error as Error).message}.`);
  }
  try {
    const access = parseAccess(source);
    const beside = (file: string) => resolve(dirname(path), file);
    const { accounts, provider } = access;
    return {
      ...access,
      tokensFile: beside(access.tokens),
      accountsFile: accounts === undefined ? undefined : beside(accounts),
      ...(provider?.clientSecretFile !== undefined && {
        provider: { ...provider, clientSecretFile: beside(provider.clientSecretFile) },
      }),
    };
  } catch (error) {
    throw new Error(`The access file ${path} can't be used.\n${(error as Error).message}`);
  }
}
