/** Presses that come so fast that the page could not show what the first one began. */
import { type MouseEvent, useRef } from "react";

type Press = (event: MouseEvent<HTMLButtonElement>) => void;

/** Presses once, until the page had the time to show that something is under way; a form is sent once as well. */
export function useOnce(press: Press | undefined): Press {
  const isHeld = useRef(false);
  return (event) => {
    if (isHeld.current) {
      // The button of a form sends it.
      event.preventDefault();
      return;
    }
    isHeld.current = true;
    // What the press begins is told in a timer of its own, which runs before the second of these.
    setTimeout(() => setTimeout(() => (isHeld.current = false)));
    press?.(event);
  };
}
