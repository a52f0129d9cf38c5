/** What the one who is signed in may do: nothing is offered that the API would refuse. */
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "./queries";
import type { Role } from "./types";

export interface May {
  /** Write to customers, ask in the Playground, set questions aside. */
  answer: boolean;
  /** Change knowledge, assistants, channels and settings. */
  change: boolean;
  /** Back up, restore, look after people. */
  own: boolean;
}

/** As the permissions of the program have it; each role may do all that the ones before it may. */
export function mayOf(role: Role | undefined): May {
  const owns = role === "owner";
  const changes = owns || role === "admin";
  return { answer: changes || role === "operator", change: changes, own: owns };
}

/** Nothing, as long as it is not known who asks. */
export function useMay(): May {
  return mayOf(useQuery(sessionQuery).data?.member?.role);
}
