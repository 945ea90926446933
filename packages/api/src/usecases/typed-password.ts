import { z } from "zod";

/** As somebody types it; longer ones than a password can be are refused with a sentence of their own. */
export const typedPassword = z.string().max(1_000, "much too long for a password");
