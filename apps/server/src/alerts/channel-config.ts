import { readFileSync } from "node:fs";
import { alertChannelName, parseJsonFile } from "@downbeat/protocol";
import { z } from "zod";

/** Written down, or where it is: what is secret need not stand in the file. */
const secret = z.union([
  z.string().min(1),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const httpUrl = z.url({ protocol: /^https?$/, error: "an address that begins with https:// or http://" });
const address = z.string().min(3).max(320);

const channel = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    url: secret,
    /** Signs what is sent. */
    secret: secret.optional(),
  }),
  z.strictObject({ kind: z.literal("slack"), url: secret }),
  z.strictObject({
    kind: z.literal("email"),
    /** `smtp://user:password@host:587` or `smtps://…` */
    server: secret,
    from: address,
    to: z.array(address).min(1).max(50),
    /** Domains to whose addresses boards may be sent; absent: those of `from` and `to`. */
    recipients: z
      .array(z.string().regex(/^[^\s@]+\.[^\s@]+$/, "a domain such as example.com"))
      .min(1)
      .max(50)
      .optional(),
  }),
  z.strictObject({ kind: z.literal("alertmanager"), url: secret }),
]);

const configuration = z.strictObject({
  /** Where people reach the dashboard, for links in what they are told. */
  dashboard: httpUrl.optional(),
  channels: z.record(alertChannelName, channel),
});

type Configuration = z.infer<typeof configuration>;

export interface AlertConfig {
  readonly dashboard: string | undefined;
  readonly channels: ReadonlyMap<string, Resolved>;
}

/** With what is secret in it. */
export type Resolved =
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string | undefined }
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "alertmanager"; readonly url: string }
  | {
      readonly kind: "email";
      readonly server: string;
      readonly from: string;
      readonly to: readonly string[];
      /** Domains, in lower case. */
      readonly recipients: readonly string[];
    };

export const noAlertConfig: AlertConfig = { dashboard: undefined, channels: new Map() };

/** @throws Error with one sentence that names the file, the place in it and what is wrong */
export function readAlertConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): AlertConfig {
  const fail = (problem: string): never => {
    throw new Error(`The alert channels in ${file} can't be used: ${problem}.`);
  };
  const textOf = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      return fail(`${path} can't be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
    }
  };
  const parsed = configuration.safeParse(jsonOf(textOf(file), fail));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(`${issue?.path.join(".") || "the whole"}: ${issue?.message}`);
  }
  const { dashboard, channels }: Configuration = parsed.data;
  const reveal = (name: string, value: z.infer<typeof secret>): string => {
    if (typeof value === "string") return value;
    if ("file" in value) return textOf(value.file).trim();
    return env[value.env] || fail(`${name} needs the variable ${value.env}, which is not set`);
  };
  const url = (name: string, value: z.infer<typeof secret>, protocols: RegExp): string => {
    const text = reveal(name, value);
    const isGood = URL.canParse(text) && protocols.test(new URL(text).protocol);
    // What it is may be a secret: it is not repeated.
    if (!isGood) return fail(`${name} is no address that begins with ${protocolWords(protocols)}`);
    const { username, password } = new URL(text);
    return protocols === http && (username !== "" || password !== "")
      ? fail(`${name} has a user's name or password in it, and no such message can be sent with them`)
      : text;
  };
  const resolved = Object.entries(channels).map(([name, config]): [string, Resolved] => {
    const at = `channels.${name}`;
    switch (config.kind) {
      case "webhook": {
        const key = config.secret === undefined ? undefined : reveal(`${at}.secret`, config.secret);
        return [name, { kind: "webhook", url: url(`${at}.url`, config.url, http), secret: key }];
      }
      case "email": {
        const { from, to } = config;
        const recipients = [...new Set((config.recipients ?? [from, ...to]).map(domainOf))];
        const server = url(`${at}.server`, config.server, smtp);
        return [name, { kind: "email", server, from, to, recipients }];
      }
      default:
        return [name, { kind: config.kind, url: url(`${at}.url`, config.url, http) }];
    }
  });
  return { dashboard: dashboard?.replace(/\/+$/, ""), channels: new Map(resolved) };
}

/** Of `ada@example.com`, `Ada <ada@example.com>` and `example.com`, in lower case. */
export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf("@") + 1)
    .replace(/>?\s*$/, "")
    .toLowerCase();
}

const http = /^https?:$/;
const smtp = /^smtps?:$/;

function protocolWords(protocols: RegExp): string {
  return protocols === http ? "https:// or http://" : "smtps:// or smtp://";
}

function jsonOf(text: string, fail: (problem: string) => never): unknown {
  try {
    return parseJsonFile(text);
  } catch (error) {
    return fail((error as Error).message);
  }
}
