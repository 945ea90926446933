import type { Metadata } from "next";
import { TokensClient } from "./client.tsx";

export const metadata: Metadata = { title: "Tokens" };

export default function TokensPage() {
  return <TokensClient />;
}
