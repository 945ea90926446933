export type { Analytics, AnalyticsAbout, AnalyticsId, ExampleQuery } from "./analytics.ts";
export { ColdAnalytics } from "./cold-analytics.ts";
export { Slots } from "./slots.ts";
export { SqliteAnalytics, type SqliteAnalyticsOptions } from "./sqlite/sqlite-analytics.ts";
