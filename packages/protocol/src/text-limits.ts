/** Lengths of what people read, in UTF-16 units as JavaScript counts. */
export const longestRunId = 200;
/** Of a signal, a worker, an actor, a build or an error. */
export const longestName = 200;
export const longestLabelName = 60;
export const longestLabelValue = 200;
/** Why somebody acted. */
export const longestReason = 1_000;
/** What a refusal or a misfit says. */
export const longestRefusal = 2_000;
