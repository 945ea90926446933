import { type AccessFile, isJwt, ProviderKeys, ProviderTokens, type Vouching } from "@downbeat/access";
import { discover } from "../login/at-provider.ts";

/** What a server with this access file would say of the token, by the keys that the provider tells now; `undefined` where it takes none, or it is none. */
export async function vouchingOf(access: AccessFile, token: string): Promise<Vouching | undefined> {
  const { provider } = access;
  if (provider?.bearer === undefined || !isJwt(token)) return undefined;
  const keys = new ProviderKeys({
    address: async () => {
      const { jwks_uri } = (await discover(provider)).serverMetadata();
      if (jwks_uri === undefined) throw new Error("The provider tells nobody its keys.");
      return jwks_uri;
    },
    now: () => performance.now(),
  });
  return new ProviderTokens({ access, findKey: keys.find, wallClock: Date.now }).check(token);
}
