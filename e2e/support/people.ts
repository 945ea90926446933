import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const main = join(import.meta.dirname, "../../apps/cli/src/main.ts");
const password = "correct horse battery";

/** Accounts of a test's own, in an access file that goes with it. */
export class People implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), "downbeat-e2e-people-"));
  readonly accessFile = join(this.#directory, "access.json");

  /** `downbeat users …` */
  users(args: readonly string[], input = ""): void {
    execFileSync(process.execPath, [main, "users", ...args, "--access", this.accessFile], { input });
  }

  add(name: string, ...options: readonly string[]): void {
    this.users(["add", name, ...options], password);
  }

  /** Beside what is in the access file. */
  configure(more: object): void {
    const file: unknown = JSON.parse(readFileSync(this.accessFile, "utf8"));
    writeFileSync(this.accessFile, JSON.stringify(Object.assign({}, file, more)));
  }

  /** Where the page asks for name and password. */
  async signIn(page: Page, name: string, given = password): Promise<void> {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(given);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }
}
