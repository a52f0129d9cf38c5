/** Words of a search field, which the address keeps as `q`: they are there after a reload and in a link. */
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";

/** Milliseconds without typing after which the address follows. */
const PAUSE = 300;

/** What stands in the field, and how to change it. */
export function useTyped(): [string, (text: string) => void] {
  const [address, setAddress] = useSearchParams();
  const told = address.get("q") ?? "";
  const [typed, type] = useState(told);
  const q = typed.trim();
  useEffect(() => {
    if (q === told) return;
    const timer = setTimeout(() => {
      setAddress(
        (before) => {
          const next = new URLSearchParams(before);
          if (q === "") next.delete("q");
          else next.set("q", q);
          return next;
        },
        { replace: true },
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [q, told, setAddress]);
  return [typed, type];
}
