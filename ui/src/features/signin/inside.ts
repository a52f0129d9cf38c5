/** Only addresses of ours are gone back to. */
export function inside(address: string | null): string {
  return address?.startsWith("/") && !address.startsWith("//") ? address : "/";
}
