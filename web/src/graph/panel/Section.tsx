import type { ReactNode } from 'react';

export function Section({
  title,
  note,
  children,
  testid,
}: {
  title: string;
  note?: ReactNode;
  children: ReactNode;
  testid?: string;
}) {
  return (
    <section className="panel-section" data-testid={testid}>
      <h3>
        {title}
        {note && <span className="t3">{note}</span>}
      </h3>
      {children}
    </section>
  );
}
