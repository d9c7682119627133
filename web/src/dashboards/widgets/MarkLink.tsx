import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { targetOf, useBoard } from '../context';
import type { Widget } from '../document';
import type { Mark } from '../drill';

interface Props {
  widget: Widget;
  mark: Mark;
  className?: string;
  label?: string;
  children: ReactNode;
}

/** A mark that leads to its logs. */
export function MarkLink({ widget, mark, className, label, children }: Props) {
  const { to, search } = targetOf(useBoard(), widget, mark);
  return (
    <Link to={to} search={search} className={className} aria-label={label} preload={false} data-testid="mark">
      {children}
    </Link>
  );
}
