export { Corked } from "./corked.ts";
export {
  type CommandFrame,
  commandFrame,
  type DeliveryFrame,
  deliveryFrame,
  type PublishFrame,
  publishFrame,
  type ReceiptFrame,
  receiptFrame,
  wireErrors,
} from "./frames.ts";
export {
  addressFileName,
  askedTokenFile,
  isAlive,
  noteToken,
  tokenAsked,
  tokenFileName,
  tokenFileOf,
} from "./log-token.ts";
export { isLoopback } from "./loopback.ts";
export { duplicate, encodeMessageId, messageIdOf, positionOf } from "./message-id.ts";
export { checkedName, Namespace } from "./topic-name.ts";
