const early = "Pulsar may deliver a tick, one second, early";
const notRestarted = "this test does not restart the broker";

/** Where a real broker differs from the contract, whatever speaks to it. */
export const brokerSkips = {
  "a delayed message is never early by the log's own clock": early,
  "a delayed message reaches a Shared subscription when it is due, and does not hold up the others": early,
  "what a closed consumer had not acknowledged is counted as delivered before": "Pulsar does not count it",
  "a subscription and its position survive the log's restart": notRestarted,
  "delays survive the log's restart": notRestarted,
  "a time leads to the same message after the log was opened again": notRestarted,
};
