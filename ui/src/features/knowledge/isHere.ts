// What was added is there already: says as which document, and leads to it.

import { navigate } from "wouter/use-browser-location";
import type { Document } from "../../api/types";
import { toast } from "../../design/Toast";
import { sayKnowledge } from "./words";

/** @param name what was added is called */
export function tellIsHere(name: string, document: Document): void {
  const title = document.title || document.name;
  toast({
    text:
      title === name ? sayKnowledge("upload.same", { name }) : sayKnowledge("upload.sameAs", { name, title }),
    action: {
      label: sayKnowledge("upload.open"),
      run: () => navigate(`/knowledge/documents/${document.id}`),
    },
  });
}
