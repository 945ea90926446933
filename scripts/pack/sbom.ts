import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { z } from "zod";
import { type Locked, lockedPackages, notInTheDashboard, placeOf } from "./third-party.ts";

export interface Contents {
  /** The manifest that it is published with. */
  readonly manifest: unknown;
  /** Other people's packages that are inside it, by the workspaces that they are built into. */
  readonly bundled: readonly { readonly name: string; readonly from: string }[];
}

const manifestShape = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  description: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * What a package is made of and runs on, in CycloneDX's JSON: what is built into it, and what npm installs beside it, in the versions that it was tested with.
 *
 * @param root of the repository, whose package-lock.json says the versions
 */
export function sbomOf(root: string, { manifest, bundled }: Contents): string {
  const { name, version, license, description, dependencies } = manifestShape.parse(manifest);
  const packages = lockedPackages(root);
  const own = component({ name, version, license, type: Enums.ComponentType.Application });
  own.description = description;
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: own, timestamp: new Date() }) });
  bom.metadata.tools.components.add(new Models.Component(Enums.ComponentType.Application, "downbeat pack"));
  const known = new Map<string, Models.Component>();
  const add = (each: string, from: string, isBundled: boolean): Models.Component => {
    const place = placeOf(packages, each, from);
    const before = known.get(place);
    if (before !== undefined) return before;
    const made = ofLock(each, packages[place], isBundled);
    known.set(place, made);
    bom.components.add(made);
    for (const next of Object.keys(packages[place]?.dependencies ?? {}).filter(
      (one) => !notInTheDashboard.includes(one),
    ))
      made.dependencies.add(add(next, place, isBundled).bomRef);
    return made;
  };
  for (const each of bundled) own.dependencies.add(add(each.name, each.from, true).bomRef);
  for (const each of Object.keys(dependencies)) own.dependencies.add(add(each, "", false).bomRef);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function ofLock(name: string, locked: Locked[string] | undefined, isBundled: boolean): Models.Component {
  const { version = "", license = "", integrity } = locked ?? {};
  const made = component({ name, version, license, type: Enums.ComponentType.Library });
  made.scope = Enums.ComponentScope.Required;
  const [, sha512] = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? "") ?? [];
  if (sha512 !== undefined)
    made.hashes.set(Enums.HashAlgorithm["SHA-512"], Buffer.from(sha512, "base64").toString("hex"));
  made.properties.add(new Models.Property("downbeat:bundled", String(isBundled)));
  return made;
}

function component(of: {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: Enums.ComponentType;
}): Models.Component {
  const [, group, name = of.name] = /^(@[^/]+)\/(.+)$/.exec(of.name) ?? [];
  const purl = `pkg:npm/${of.name.replace("@", "%40")}@${of.version}`;
  const made = new Models.Component(of.type, name, { version: of.version, bomRef: purl, purl });
  if (group !== undefined) made.group = group;
  if (of.license !== "") made.licenses.add(licenseOf(of.license));
  return made;
}

function licenseOf(license: string): Models.License {
  return / (OR|AND|WITH) /.test(license)
    ? new Models.LicenseExpression(license)
    : new Models.SpdxLicense(license);
}
