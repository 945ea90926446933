import type { Context } from "../context.ts";
import type { BoardList } from "../views.ts";

export async function listBoards({ boards }: Context): Promise<BoardList> {
  return { boards: await boards.all() };
}
