/** A phone with a question that becomes an answer. */
export function Drawing() {
  return (
    <svg
      width="148"
      height="96"
      viewBox="0 0 148 96"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
    >
      <g strokeLinecap="round" strokeLinejoin="round">
        <rect x="46" y="6" width="50" height="84" rx="8" fill="var(--canvas)" />
        <path d="M66 13h10" opacity=".45" />
        <rect x="53" y="24" width="26" height="12" rx="6" />
        <path d="M59 30h14" opacity=".45" />
        <rect x="60" y="44" width="30" height="20" rx="6" fill="var(--ai-soft)" stroke="var(--ai)" />
        <path d="M66 51h18m-18 6h11" stroke="var(--ai)" />
        <path d="M62 76h18" opacity=".45" />
        <path d="M98 54h14" strokeDasharray="2 4" />
        <path d="m118 46 20-8-6 26-6-8-3 6-1-10z" />
        <path d="M44 34H30" strokeDasharray="2 4" />
        <circle cx="18" cy="34" r="8" opacity=".45" />
      </g>
    </svg>
  );
}
