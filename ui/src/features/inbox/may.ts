/** What this member may do here. What would be refused is not offered. */
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/queries";

export interface May {
  /** Write to customers, take conversations, label and give them. */
  answer: boolean;
  /** Connect bots. */
  settings: boolean;
}

export function useMay(): May {
  const role = useQuery(sessionQuery).data?.member?.role;
  const settings = role === "owner" || role === "admin";
  return { answer: settings || role === "operator", settings };
}
