import type { Metadata } from "next";
import { AccountClient } from "./client.tsx";

export const metadata: Metadata = { title: "Your account" };

export default function AccountPage() {
  return <AccountClient />;
}
