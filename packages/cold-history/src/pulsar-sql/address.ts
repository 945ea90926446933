import { z } from "zod";
import { ColdError } from "../port/cold-error.ts";

/** Where Pulsar SQL is, and as whom it is asked. */
export interface PulsarSqlAddress {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  readonly tenant: string;
  readonly namespace: string;
  /** Name of the catalogue that holds the Pulsar connector. Default `pulsar`. */
  readonly catalogue?: string | undefined;
  /** Default `downbeat`. Should be allowed to read this catalogue and nothing else. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** A JSON web token, in place of a password. */
  readonly token?: string | undefined;
  /** Certificate authorities to trust in place of the well-known ones, PEM. */
  readonly ca?: string | Buffer | undefined;
}

/** An address that has been looked at. */
export interface CheckedAddress {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly catalogue: string;
  /** Trino's word for what holds tables: the tenant and namespace. */
  readonly schema: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly ca: string | Buffer | undefined;
}

// Identifiers can't be bound, so they are allowed by their letters. Nothing here can end a quoted identifier.
const name = z.string().regex(/^[A-Za-z0-9_.=:-]{1,200}$/);

/** @throws ColdError `notSetUp` */
export function checkedAddress(address: PulsarSqlAddress): CheckedAddress {
  const url = URL.parse(address.url);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new ColdError(
      "notSetUp",
      `The address of Pulsar SQL can't be ${JSON.stringify(address.url)}: give it as http://host:port.`,
    );
  }
  const isSecure = url.protocol === "https:";
  const secret = address.password ?? address.token;
  if (secret !== undefined && !isSecure) {
    throw new ColdError(
      "notSetUp",
      "Pulsar SQL is asked with a password or token only over https: change its address.",
    );
  }
  return {
    origin: url.origin,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    isSecure,
    catalogue: identifier("catalogue", address.catalogue ?? "pulsar"),
    schema: `${identifier("tenant", address.tenant)}/${identifier("namespace", address.namespace)}`,
    user: identifier("user", address.user ?? "downbeat"),
    password: address.password,
    token: address.token,
    ca: address.ca,
  };
}

function identifier(what: string, value: string): string {
  const parsed = name.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ColdError(
    "notSetUp",
    `Pulsar SQL can't be asked for the ${what} ${JSON.stringify(value)}: letters, digits and - _ . = : only.`,
  );
}
