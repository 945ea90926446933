import { LogError } from "@downbeat/message-log";

const namePattern = /^[A-Za-z0-9._-]{1,250}$/;

/** A namespace, and the paths of what is in it. The one place that knows how Pulsar spells a topic. */
export class Namespace {
  readonly tenant: string;
  readonly namespace: string;

  constructor(tenant: string, namespace: string) {
    this.tenant = checkedName("tenant", tenant);
    this.namespace = checkedName("namespace", namespace);
  }

  /** `tenant/namespace` */
  get name(): string {
    return `${this.tenant}/${this.namespace}`;
  }

  /** `persistent://tenant/namespace/topic` */
  fullName(topic: string): string {
    return `persistent://${this.tenant}/${this.namespace}/${checkedName("topic", topic)}`;
  }

  /** As it stands in the paths of the WebSocket and the admin API: `persistent/tenant/namespace/topic`. */
  path(topic: string): string {
    return `persistent/${this.tenant}/${this.namespace}/${checkedName("topic", topic)}`;
  }
}

export function checkedName(what: "tenant" | "namespace" | "topic" | "subscription", name: string): string {
  if (namePattern.test(name)) return name;
  throw new LogError(
    "invalid",
    `${JSON.stringify(name)} is not a ${what} name: only letters, digits, "-", "_" and "." are allowed, at most 250.`,
  );
}
