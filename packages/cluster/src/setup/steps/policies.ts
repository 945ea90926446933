import { longestDelayMs } from "@downbeat/protocol";
import { z } from "zod";
import type { Look } from "../item.ts";

/** Without it a message that is sent again after a lost receipt is there twice. */
export const deduplication: Look = async ({ cluster, path }) => {
  const what = "deduplication";
  const at = `namespaces/${path}/deduplication`;
  const isOn = await cluster.read(at, z.boolean());
  if (isOn === true) return [{ what, seen: { as: "there", found: "on" } }];
  const make = () => cluster.write("POST", at, true);
  if (isOn === false) return [{ what, seen: { as: "other", found: "off", wanted: "on", make } }];
  return [{ what, seen: { as: "missing", wanted: "on", make } }];
};

/** What is not acknowledged in time goes: commands, attempts and wake-ups. */
export const timeToLive: Look = async ({ cluster, path }) => {
  const what = "message time-to-live";
  const at = `namespaces/${path}/messageTTL`;
  const seconds = await cluster.read(at, z.number());
  if (seconds === 0) return [{ what, seen: { as: "there", found: "none" } }];
  const make = () => cluster.write("POST", at, 0);
  if (seconds === undefined) return [{ what, seen: { as: "missing", wanted: "none", make } }];
  const found = `${seconds} s`;
  if (seconds * 1_000 <= longestDelayMs)
    return [{ what, seen: { as: "other", found, wanted: "none", make } }];
  const why = "commands and attempts that nobody takes for so long are lost";
  return [{ what, seen: { as: "chosen", found, why } }];
};

/** WebSocket producers send bytes, which an enforced schema refuses. */
export const schemaValidation: Look = async ({ cluster, path }) => {
  const what = "enforced schema validation";
  const at = `namespaces/${path}/schemaValidationEnforced`;
  const isOn = await cluster.read(at, z.boolean());
  if (isOn !== true) return [{ what, seen: { as: "there", found: "off" } }];
  const make = () => cluster.write("POST", at, false);
  return [{ what, seen: { as: "other", found: "on", wanted: "off", make } }];
};

/** Retention ends, and an empty topic has none: without this a broker deletes topics, and with them their policies, while nobody is connected. */
export const inactiveTopics: Look = async ({ cluster, path }) => {
  const what = "deletion of inactive topics";
  const at = `namespaces/${path}/inactiveTopicPolicies`;
  const policy = await cluster.read(at, inactiveAnswer);
  if (policy?.deleteWhileInactive === false) return [{ what, seen: { as: "there", found: "off" } }];
  const body = {
    inactiveTopicDeleteMode: "delete_when_no_subscriptions",
    maxInactiveDurationSeconds: 3_600,
    deleteWhileInactive: false,
  };
  const make = () => cluster.write("POST", at, body);
  if (policy === undefined) return [{ what, seen: { as: "missing", wanted: "off", make } }];
  return [{ what, seen: { as: "other", found: "on", wanted: "off", make } }];
};

export const inactiveAnswer = z.object({ deleteWhileInactive: z.boolean() });
