import { IconChevronRight, IconHome } from '@tabler/icons-react';
import type { Graph } from '../domain/graph';
import { middle } from '../domain/names';
import { nameOfStep, type Step } from './zoom';

interface Props {
  steps: readonly Step[];
  graph: Graph | null;
  onGo: (steps: readonly Step[]) => void;
}

/** How far one has gone in, and the way back. */
export function Crumbs({ steps, graph, onGo }: Props) {
  return (
    <nav className="crumbs" aria-label="Where in the ring" data-testid="ring-crumbs">
      <button type="button" onClick={() => onGo([])} aria-current={steps.length ? undefined : 'true'}>
        <IconHome size={14} stroke={1.75} aria-hidden />
        Cluster
      </button>
      {steps.map((step, at) => (
        <span key={`${step.type} ${step.id}`}>
          <IconChevronRight size={13} stroke={1.75} className="t3" aria-hidden />
          <button
            type="button"
            onClick={() => onGo(steps.slice(0, at + 1))}
            aria-current={at === steps.length - 1 ? 'true' : undefined}
          >
            {middle(nameOfStep(step, graph), 40)}
          </button>
        </span>
      ))}
      <span className="t3 crumb-hint">
        {steps.length ? 'Esc goes back out' : 'double-click an arc to go in'}
      </span>
    </nav>
  );
}
