import { z } from "zod";

/*
 * The JSON of Pulsar's WebSocket API, both directions. Unknown fields are let through: brokers of other versions have
 * more of them.
 */

/** Broker to consumer or reader. */
export const deliveryFrame = z.object({
  messageId: z.string(),
  /** base64; absent or null stands for no bytes */
  payload: z.string().nullish(),
  properties: z.record(z.string(), z.string()).nullish(),
  /** ISO 8601 with an offset */
  publishTime: z.string(),
  redeliveryCount: z.number().nullish(),
  key: z.string().nullish(),
  eventTime: z.string().nullish(),
});
export type DeliveryFrame = z.infer<typeof deliveryFrame>;

/** Broker to producer, one for each message sent. */
export const receiptFrame = z.object({
  result: z.string(),
  messageId: z.string().nullish(),
  errorMsg: z.string().nullish(),
  context: z.string().nullish(),
});
export type ReceiptFrame = z.infer<typeof receiptFrame>;

/** Producer to broker. */
export const publishFrame = z.object({
  payload: z.string(),
  properties: z.record(z.string(), z.string()).nullish(),
  context: z.string().nullish(),
  key: z.string().nullish(),
  /** ISO 8601 with an offset */
  eventTime: z.string().nullish(),
  deliverAt: z.number().nullish(),
  deliverAfterMs: z.number().nullish(),
});
export type PublishFrame = z.infer<typeof publishFrame>;

/** Consumer or reader to broker. Without a type it is an acknowledgement. */
export const commandFrame = z.object({
  type: z.string().nullish(),
  messageId: z.string().nullish(),
  permitMessages: z.number().nullish(),
});
export type CommandFrame = z.infer<typeof commandFrame>;

/** Numbers in `send-error:N`, and close codes less 4,000. */
export const wireErrors = { cannotParse: 3, badPayload: 7, unknown: 8 } as const;
