/** The page where one signs in, and goes on to where one wanted to be. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Redirect, useLocation, useSearch } from "wouter";
import { sessionQuery } from "../../api/queries";
import { Door } from "./Door";
import { inside } from "./inside";
import { SignInForm } from "./SignInForm";
import { useWords } from "./words";

export default function SignInPage() {
  const say = useWords();
  const cache = useQueryClient();
  const [, go] = useLocation();
  const to = inside(new URLSearchParams(useSearch()).get("to"));
  const session = useQuery(sessionQuery);
  const enter = async () => {
    await cache.invalidateQueries();
    go(to, { replace: true });
  };

  if (session.data?.member) return <Redirect to={to} replace />;
  const isFirst = session.data?.first_run;
  return (
    <Door
      title={session.data?.business || say("signIn.title")}
      about={isFirst ? say("signIn.firstRun") : undefined}
    >
      {!isFirst && <SignInForm onIn={enter} />}
    </Door>
  );
}
