export interface TopicOfFile {
  readonly tenant: string;
  readonly namespace: string;
  readonly topic: string;
}

/** @param name `tenant/namespace/topic` */
export function topicOfFile(name: string): TopicOfFile {
  const [tenant = "", namespace = "", ...topic] = name.split("/");
  return { tenant, namespace, topic: topic.join("/") };
}
