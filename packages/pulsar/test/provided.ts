/** What `scripts/pulsar/suite/provide-servers.ts` hands to every suite on a real broker, by `inject`. */
declare module "vitest" {
  export interface ProvidedContext {
    /** WebSocket address of the broker. */
    pulsar: string;
    /** Address of the broker in Pulsar's own protocol. */
    pulsarBroker: string;
    /** Address of Pulsar SQL. */
    pulsarSql: string;
    /** Process ids of all of them; empty when somebody else has started them. */
    pulsarProcesses: readonly number[];
  }
}

export {};
