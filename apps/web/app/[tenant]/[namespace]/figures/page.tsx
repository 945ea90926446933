import type { Metadata } from "next";
import { FiguresClient } from "./client.tsx";

export const metadata: Metadata = { title: "Figures" };

export default function FiguresPage() {
  return <FiguresClient />;
}
