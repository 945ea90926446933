const early = "Pulsar may deliver a tick, one second, early";
const notRestarted = "this test does not restart the broker";

/** Where a real broker differs from the contract, whatever speaks to it. */
export const brokerSkips = {
  "what a closed consumer of a Key_Shared subscription had not acknowledged goes to another, before what follows of its key":
    "not all of it came within 15 s on a broker of 4.0.8; why is not known yet",
  "a delayed message is never early by the log's own clock": early,
  "a delayed message reaches a Shared subscription when it is due, and does not hold up the others": early,
  "what a closed consumer had not acknowledged is counted as delivered before": "Pulsar does not count it",
  "a subscription and its position survive the log's restart": notRestarted,
  "delays survive the log's restart": notRestarted,
  "a time leads to the same message after the log was opened again": notRestarted,
};
