export { append, makeNamespace, readAll, untilVisible } from "./test/pulsar-history.ts";
