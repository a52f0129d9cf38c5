import { Compass } from "lucide-react";
import { Link } from "wouter";
import { EmptyState } from "../design/Parts";
import { useAppWords } from "./words";

export function NotFound() {
  const say = useAppWords();
  return (
    <EmptyState
      drawing={<Compass size={48} strokeWidth={1} aria-hidden="true" />}
      title={say("notFound.title")}
      heading="h1"
      action={<Link href="/">{say("notFound.back")}</Link>}
    >
      {say("notFound.about")}
    </EmptyState>
  );
}
