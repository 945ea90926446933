import { allowed, allowedOnceNoted, router } from "../trpc.ts";
import { AddToken, addToken } from "../usecases/add-token.ts";
import { listTokens } from "../usecases/list-tokens.ts";
import { requireTokenDesk } from "../usecases/require-token-desk.ts";
import { WithdrawToken, withdrawToken } from "../usecases/withdraw-token.ts";

/** Tokens of one's own, of a namespace. */
export const tokensRouter = router({
  list: allowed("keepTokens").query(({ ctx }) => listTokens(ctx)),
  add: allowedOnceNoted("keepTokens", AddToken, (ctx) => void requireTokenDesk(ctx)).mutation(
    ({ ctx, input }) => addToken(ctx, input),
  ),
  withdraw: allowed("keepTokens")
    .input(WithdrawToken)
    .mutation(({ ctx, input }) => withdrawToken(ctx, input)),
});
