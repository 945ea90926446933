import { z } from "zod";
import type { Look } from "../item.ts";

const tenantAnswer = z.object({ adminRoles: z.array(z.string()), allowedClusters: z.array(z.string()) });

export const tenant: Look = async ({ cluster, wanted }) => {
  const what = `tenant ${wanted.tenant}`;
  const path = `tenants/${wanted.tenant}`;
  const known = await cluster.glimpse(path, tenantAnswer);
  if (typeof known === "string")
    return [
      {
        what,
        seen: { as: "unseen", why: "only a superuser may look at tenants; it is taken as there" },
      },
    ];
  const clusters = (await cluster.read("clusters", z.array(z.string()))) ?? [];
  const own = clusters.filter((name) => name !== "global");
  if (known.value === undefined) {
    const make = () => cluster.create(path, { adminRoles: [], allowedClusters: own });
    return [{ what, seen: { as: "missing", make } }];
  }
  const { adminRoles, allowedClusters } = known.value;
  const lacking = (wanted.replicateTo ?? []).filter((name) => !allowedClusters.includes(name));
  if (lacking.length === 0) return [{ what, seen: { as: "there" } }];
  const all = [...allowedClusters, ...lacking];
  const make = () => cluster.write("POST", path, { adminRoles, allowedClusters: all });
  return [
    {
      what,
      seen: { as: "other", found: `on ${allowedClusters.join(", ")}`, wanted: `on ${all.join(", ")}`, make },
    },
  ];
};

export const namespace: Look = async ({ cluster, path }) => {
  const what = `namespace ${path}`;
  const known = await cluster.read(`namespaces/${path}`, z.object({}));
  if (known !== undefined) return [{ what, seen: { as: "there" } }];
  return [{ what, seen: { as: "missing", make: () => cluster.create(`namespaces/${path}`) } }];
};
