import { z } from "zod";
import * as f from "./fields.ts";

/** What every change says of something that people share. */
export const sharedChange = {
  by: z.string().min(1).max(200),
  at: f.time,
  /** The version that whoever sends this has seen, 0 where there was none: if another came in between, nothing is changed. */
  replaces: z.number().int().min(0),
  /** Tells the message from all others, so that its sender knows whether it counted. */
  changeId: z.string().min(1).max(100),
};
