import { IconTerminal2 } from '@tabler/icons-react';
import { visible } from '../../domain/names';
import { exact } from '../../domain/units';
import { Section } from './Section';
import type { EdgeDetail } from './sentence';

export function Processes({ processes }: { processes: EdgeDetail['processes'] }) {
  const named = processes.filter((process) => process.name !== '-');
  return (
    <Section title="Processes at the source" testid="panel-processes">
      {named.length === 0 && <p className="t3 section-note">No process was reported.</p>}
      <ul className="process-list">
        {named.map((process) => (
          <li key={process.name}>
            <IconTerminal2 size={14} stroke={1.75} className="t3" aria-hidden />
            <span className="mono cut" title={visible(process.name)}>
              {process.name === '*' ? 'several processes' : visible(process.name)}
            </span>
            <span className="t3 num">
              {exact(process.records)} {process.records === '1' ? 'record' : 'records'}
            </span>
            {process.args.length > 0 && (
              <span className="mono t3 process-args" title={process.args.map(visible).join('\n')}>
                {process.args.map(visible).join(' · ')}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
