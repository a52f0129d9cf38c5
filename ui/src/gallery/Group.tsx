/** How the gallery is laid out: groups of parts, and in them a line for each state. */
import type { ReactNode } from "react";
import css from "./gallery.module.css";

/** A group of parts under its name. */
export function Group({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={css.group} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

export type Forced = "hover" | "focus-visible" | "active";

/** Some parts in one state; the browser tests force the states that only a pointer or the keyboard makes. */
export function State({ name, force, children }: { name: string; force?: Forced; children: ReactNode }) {
  return (
    <div className={css.state}>
      <p className={css.name}>{name}</p>
      <div className={css.row} data-force={force}>
        {children}
      </div>
    </div>
  );
}
