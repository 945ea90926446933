import type { Metadata } from "next";
import { runIdOf } from "@/lib/run-segment.ts";
import { BoardClient } from "./client.tsx";

interface Props {
  readonly params: Promise<{ readonly boardId: string }>;
}

export const metadata: Metadata = { title: "Board" };

export default async function BoardPage({ params }: Props) {
  const boardId = runIdOf((await params).boardId);
  return <BoardClient key={boardId} boardId={boardId} />;
}
