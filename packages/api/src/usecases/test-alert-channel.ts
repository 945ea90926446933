import { alertChannelName } from "@downbeat/protocol";
import { z } from "zod";
import type { Context } from "../context.ts";

export const TestAlertChannel = z.object({ channel: alertChannelName });

/** @throws ApiError when it could not be delivered */
export async function testAlertChannel(
  { alertChannels, actor }: Context,
  { channel }: z.infer<typeof TestAlertChannel>,
): Promise<{ readonly delivered: true }> {
  await alertChannels.test(channel, actor);
  return { delivered: true };
}
