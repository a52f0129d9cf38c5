/** Leaves for the page where one signs in; from there one comes back to where one is now. */

/** A page of its own: nothing of what was shown stays in memory, and the program's window lets its owner in again. */
export function goSignIn(): void {
  const { pathname, search } = window.location;
  window.location.replace(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
}
