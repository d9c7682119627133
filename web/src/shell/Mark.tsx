/** The eye that the dark lights up. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="12" fill="var(--brand)" />
      <path
        d="M4.2 16A11.8 11.8 0 0 1 16 4.2 15 15 0 0 0 16 27.8 11.8 11.8 0 0 1 4.2 16z"
        fill="var(--allow)"
      />
      <path d="M16 5.5c3.6 4.2 3.6 16.8 0 21-3.6-4.2-3.6-16.8 0-21z" fill="var(--app)" />
    </svg>
  );
}
