export { AdminClient, type AdminOptions } from "./admin-client.ts";
export { quotaAnswer, whyFull } from "./backlog-quota.ts";
export { errorOfStatus } from "./http-error.ts";
export type { PulsarOptions } from "./pulsar-options.ts";
export { readCertificate } from "./tls.ts";
export { TopicAdmin } from "./topic-admin.ts";
