// The mark: an arched counter window on a ledge. Monochrome, never below 20 px.

export function Mark({ label, className = '' }: { label?: string; className?: string }) {
  return (
    <svg
      className={`mark ${className}`}
      viewBox="0 0 32 32"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <path d="M5 15a11 11 0 0 1 22 0v10H5z" />
      <rect x="2" y="26.5" width="28" height="3.5" rx="1.75" />
      <circle cx="16" cy="13" r="3.4" fill="var(--mark-hole)" />
      <path d="M9.5 25a6.5 6.5 0 0 1 13 0z" fill="var(--mark-hole)" />
    </svg>
  )
}

/** Mark and word together. */
export function Brand() {
  return (
    <span className="brandmark">
      <Mark />
      <span className="wordmark">Tuntas</span>
    </span>
  )
}
