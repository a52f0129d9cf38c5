/** A question mark that turns into a written line. */
export function Drawing() {
  return (
    <svg
      width="148"
      height="88"
      viewBox="0 0 148 88"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <g strokeLinecap="round" strokeLinejoin="round">
        <rect x="14" y="20" width="44" height="32" rx="8" opacity=".45" />
        <path d="M24 52v9l9-9" opacity=".45" />
        <path d="M32 32a4 4 0 1 1 5.5 3.7c-1 .4-1.5 1-1.5 2.3m0 4v.1" />
        <path d="M66 40h16m-5-5 5 5-5 5" strokeDasharray="2 4" />
        <rect x="90" y="14" width="44" height="60" rx="6" fill="var(--surface)" />
        <path d="M98 26h14" opacity=".45" />
        <rect x="97" y="34" width="30" height="12" rx="4" fill="var(--good-soft)" stroke="var(--good)" />
        <path d="m103 40 3 3 6-6" stroke="var(--good)" />
        <path d="M98 56h26m-26 8h16" opacity=".45" />
      </g>
    </svg>
  );
}
