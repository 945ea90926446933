import { notFound } from "next/navigation";

/** So that a page which does not exist is said inside the dashboard's frame. */
export default function NoSuchPage() {
  notFound();
}
