/** Files that are dropped on any page go to Knowledge; a page with its own place for files comes first. */
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useMay } from "../api/may";
import { filesOf } from "../design/DropZone";
import styles from "./DropAnywhere.module.css";
import { useAppWords } from "./words";

export function DropAnywhere() {
  const say = useAppWords();
  const [, go] = useLocation();
  const [over, setOver] = useState(false);
  const may = useMay();

  useEffect(() => {
    if (!may.change) return;
    // Whoever took the event before has prevented what a browser does by itself: opening the file.
    const isFree = (event: DragEvent) =>
      !event.defaultPrevented && event.dataTransfer !== null && event.dataTransfer.types.includes("Files");
    const hang = (event: DragEvent) => {
      const free = isFree(event);
      setOver(free);
      if (!free) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    };
    const leave = (event: DragEvent) => {
      // Into nothing: out of the window.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!isFree(event) || event.dataTransfer === null) return;
      event.preventDefault();
      void take(event.dataTransfer).then((taken) => taken && go("/knowledge"));
    };
    document.addEventListener("dragenter", hang);
    document.addEventListener("dragover", hang);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragenter", hang);
      document.removeEventListener("dragover", hang);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [go, may.change]);

  if (!over) return null;
  return (
    <div className={styles.over} aria-hidden="true">
      <span>{say("drop.anywhere")}</span>
    </div>
  );
}

/** True when there were files. */
async function take(transfer: DataTransfer): Promise<boolean> {
  // What was dropped is gone once this turn of the loop ends: files first, the code for them second.
  const files = await filesOf(transfer);
  if (files.length === 0) return false;
  const { addFiles } = await import("../features/knowledge/uploads");
  addFiles(files);
  return true;
}
