import { parseMaskPath } from "@downbeat/api/masking";
import { roles } from "@downbeat/api/policy";
import { durationText, eachOnce, name as nameOf, namespacePart, parseJsonFile } from "@downbeat/protocol";
import { z } from "zod";
import { longestIssuer } from "./identity.ts";

const text = z.string().trim().min(1).max(500);
const minute = 60_000;

const overHttp =
  "https: over http, passwords and sessions could be read by anybody on the way; only this machine's own address (localhost) may do without";

export function isSafeAddress(url: string | URL): boolean {
  if (!URL.canParse(String(url))) return true;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || isLoopbackName(hostname);
}

const address = z
  .url({ protocol: /^https?$/, error: "an address such as https://downbeat.example.com" })
  .refine((url) => {
    if (!URL.canParse(url)) return true;
    const { pathname, search, hash, username } = new URL(url);
    return pathname === "/" && search === "" && hash === "" && username === "";
  }, "an address without a path, such as https://downbeat.example.com")
  .pipe(z.string().transform((url) => new URL(url)))
  .refine(isSafeAddress, overHttp);

/** `acme/orders`, `acme/*` or `*`. */
export const place = z.string().refine((one) => {
  if (one === "*") return true;
  const [tenant, namespace, ...rest] = one.split("/");
  const isNamed = namespace === "*" || namespacePart.safeParse(namespace).success;
  return rest.length === 0 && namespacePart.safeParse(tenant).success && isNamed;
}, "a namespace such as acme/orders, all of a tenant (acme/*), or all (*)");

const who = z.union(
  [
    z.literal("everyone"),
    z.strictObject({ group: text }),
    z.strictObject({ claim: text, is: z.union([text, z.number(), z.boolean()]) }),
    z.strictObject({ person: text.regex(/^[^|]+\|./, "as in local|ada, or https://login.example.com|4711") }),
  ],
  {
    error:
      '"everyone" who signs in, or one of {"group": "…"}, {"claim": "…", "is": "…"} and {"person": "issuer|subject"}',
  },
);

const rule = z.strictObject({
  role: z.enum(roles, `one of ${roles.join(", ")}`),
  who,
  in: z.array(place).min(1).default(["*"]),
});

const limit = (least: number, usual: string) =>
  durationText
    .prefault(usual)
    .refine((ms) => ms >= least, `${least / minute} min at least`)
    .refine((ms) => ms <= 366 * 24 * 60 * minute, "a year at most");

/** With a key pair, all of them: what both sides know, a client may have been told. */
const signingAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

/** Tokens that the provider signed, which services and the command line ask with. */
const bearer = z.strictObject({
  /** Whom they are for: one of these stands in each. */
  audiences: z.array(text).min(1, "name one at least: a token for any application would do").max(20),
  algorithms: z
    .array(z.enum(signingAlgorithms, `one of ${signingAlgorithms.join(", ")}`))
    .min(1)
    .default([...signingAlgorithms]),
  /** How far the provider's clock and this one may be apart. */
  skew: durationText.prefault("30s").refine((ms) => ms <= 5 * minute, "5 min at most"),
});

/** How the command line signs people in. */
const login = z.strictObject({
  /** A public client, for which the provider allows the device flow. */
  clientId: text,
  scope: text
    .default("openid profile offline_access")
    .refine((scope) => scope.split(" ").includes("openid"), "openid among others"),
  /** Which of the tokens that it gets is sent: some providers' access tokens can be read by themselves alone. */
  sends: z.enum(["accessToken", "idToken"], "accessToken or idToken").default("accessToken"),
});

const provider = z.strictObject({
  /** As the provider writes it itself. */
  issuer: z
    .url({ protocol: /^https?$/, error: "the address of an OpenID provider" })
    .max(longestIssuer)
    .refine(isSafeAddress, overHttp),
  /** On the button. */
  name: text.max(60).default("your company's account"),
  clientId: text,
  /** Without one, this server is a public client: PKCE alone says that who asked is who takes the answer. */
  clientSecretFile: text.optional(),
  scope: text
    .default("openid profile email")
    .refine((scope) => scope.split(" ").includes("openid"), "openid among others"),
  /** Where the groups stand in the token: a name, or names with dots as a path (`realm_access.roles`). */
  groups: text.default("groups"),
  bearer: bearer.optional(),
  login: login.optional(),
});

const maskPath = z.string().transform((path, context) => {
  try {
    return parseMaskPath(path);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

/** `*`: whatever its name. */
const anyName = z.union([z.literal("*"), nameOf]);

const maskedRule = z
  .strictObject({
    workflow: anyName.optional(),
    jobType: anyName.optional(),
    paths: z.array(maskPath).min(1).max(200),
    in: z.array(place).min(1).default(["*"]),
  })
  .transform(({ workflow, jobType, ...rule }, context) => {
    if (workflow !== undefined && jobType === undefined) return { ...rule, workflow };
    if (workflow === undefined && jobType !== undefined) return { ...rule, jobType };
    context.addIssue({ code: "custom", message: 'either a workflow or a jobType ("*": all)' });
    return z.NEVER;
  });

const secondPersonRule = z
  .strictObject({
    /** Runs aren't terminated, one or many. */
    terminate: z.boolean().default(false),
    /** Jobs aren't completed with a value. */
    complete: z.boolean().default(false),
    /** Nothing is done to more jobs or runs at once. */
    bulkAbove: z.number().int().min(0).max(100_000).optional(),
    /** Who agrees, agrees within so long. */
    expires: limit(minute, "24h"),
    in: z.array(place).min(1).default(["*"]),
  })
  .refine(({ terminate, complete, bulkAbove }) => terminate || complete || bulkAbove !== undefined, {
    message: "it asks for nothing: say terminate, complete or bulkAbove",
  });

const configuration = z
  .strictObject({
    /** Where people open the dashboard. */
    address: address.optional(),
    /** Addresses of what stands between people and this server, whose word on where they come from is taken. */
    proxies: z.array(text).default([]),
    /** The file of accounts, beside this one unless it begins with a slash. */
    accounts: text.optional(),
    /** The file of tokens, as the one of accounts. */
    tokens: text.default("tokens.json"),
    /** The company's own sign-in. */
    provider: provider.optional(),
    /** What is personal in payloads, besides what authors declare. */
    masked: z.array(maskedRule).max(500).default([]),
    /** What needs a second person. */
    secondPerson: z.array(secondPersonRule).max(100).default([]),
    roles: z.array(rule).min(1, "nobody could do anything: name a role at least"),
    sessions: z
      .strictObject({
        /** A session of which nothing was heard for so long ends. */
        idle: limit(minute, "8h"),
        /** However busy. */
        longest: limit(5 * minute, "7d"),
        /** Of one person; with one more, the oldest ends. */
        most: z.number().int().min(1).max(1_000).default(20),
      })
      .prefault({}),
  })
  .refine(({ accounts, provider }) => accounts !== undefined || provider !== undefined, {
    message: "nobody could sign in: name a file of accounts or a provider",
    path: ["accounts"],
  })
  .refine(({ address, provider }) => address !== undefined || provider === undefined, {
    message: "the provider has to be told where it sends people back: say where the dashboard is opened",
    path: ["address"],
  })
  .refine(({ provider }) => provider?.login === undefined || provider.bearer !== undefined, {
    message: "nobody would take the command line's tokens: say whom they are for",
    path: ["provider", "bearer"],
  })
  .refine(
    ({ provider }) =>
      provider?.login?.sends !== "idToken" ||
      provider.bearer === undefined ||
      provider.bearer.audiences.includes(provider.login.clientId),
    {
      message: "an ID token is for the client that asked for it: name login's clientId among them",
      path: ["provider", "bearer", "audiences"],
    },
  );

/** What the access file says, checked. Durations are in ms. */
export type Access = z.output<typeof configuration>;
export type AccessRule = Access["roles"][number];

/** @throws Error with a sentence for each thing that is wrong */
export function parseAccess(source: string): Access {
  const parsed = configuration.safeParse(jsonOf(source));
  if (parsed.success) return parsed.data;
  throw new Error(eachOnce(parsed.error.issues).map(sentence).join("\n"));
}

function jsonOf(source: string): unknown {
  try {
    return parseJsonFile(source);
  } catch (error) {
    throw new Error(`${(error as Error).message.replace(/^i/, "I")}.`);
  }
}

function sentence({ code, message, path, ...rest }: z.core.$ZodIssue): string {
  const where = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const named = where === "" ? "It" : where.replace(/^\./, "");
  if (code === "unrecognized_keys" && "keys" in rest && Array.isArray(rest.keys))
    return `${named} has what isn't known: ${rest.keys.join(", ")}.`;
  return `${named}: ${message}.`;
}

export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}
