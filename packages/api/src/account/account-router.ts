import { allowed, router } from "../trpc.ts";
import { ChangePassword, changePassword } from "../usecases/change-password.ts";
import { EndOtherSessions, endOtherSessions } from "../usecases/end-other-sessions.ts";
import { EndSession, endSession } from "../usecases/end-session.ts";
import { getAccount } from "../usecases/get-account.ts";

/** How somebody is signed in: their own business, whatever their role. */
export const accountRouter = router({
  get: allowed("keepOwnAccount").query(({ ctx }) => getAccount(ctx)),
  endSession: allowed("keepOwnAccount")
    .input(EndSession)
    .mutation(({ ctx, input }) => endSession(ctx, input)),
  changePassword: allowed("keepOwnAccount")
    .input(ChangePassword)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  endOthers: allowed("keepOwnAccount")
    .input(EndOtherSessions)
    .mutation(({ ctx, input }) => endOtherSessions(ctx, input)),
});
