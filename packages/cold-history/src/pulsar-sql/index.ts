export type { PulsarSqlAddress } from "./address.ts";
export { openPulsarSql, type PulsarSqlOptions } from "./pulsar-sql.ts";
