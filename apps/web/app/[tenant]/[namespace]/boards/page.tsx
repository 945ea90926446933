import type { Metadata } from "next";
import { BoardsClient } from "./client.tsx";

export const metadata: Metadata = { title: "Boards" };

export default function BoardsPage() {
  return <BoardsClient />;
}
