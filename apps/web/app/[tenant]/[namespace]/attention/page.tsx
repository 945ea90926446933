import type { Metadata } from "next";
import { AttentionClient } from "./client.tsx";

export const metadata: Metadata = { title: "Attention" };

export default function AttentionPage() {
  return <AttentionClient />;
}
