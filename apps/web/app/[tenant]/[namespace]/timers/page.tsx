import type { Metadata } from "next";
import { TimersClient } from "./client.tsx";

export const metadata: Metadata = { title: "Timers and waits" };

export default function TimersPage() {
  return <TimersClient />;
}
