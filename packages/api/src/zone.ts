/** The clocks of time zones, as the figures' buckets go by them. */
export { fromWallTime, parseZone, zoneOffset } from "@downbeat/read-model/zone";
