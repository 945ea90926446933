export { type AdminAnswer, AdminClient, type AdminOptions, failure } from "./admin-client.ts";
export { quotaAnswer, whyFull } from "./backlog-quota.ts";
export type { PulsarOptions } from "./pulsar-options.ts";
export { type SignInOptions, signInOptions } from "./sign-in.ts";
export { readTlsFiles } from "./tls.ts";
export { TopicAdmin } from "./topic-admin.ts";
