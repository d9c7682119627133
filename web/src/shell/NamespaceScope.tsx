import { Popover } from '@mantine/core';
import { IconChevronDown, IconHexagons } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { NamespacesDocument } from '../api/catalog';
import { useAsk } from '../api/use-ask';
import { visible } from '../domain/names';
import { useUrlParts } from './use-url-state';

export function NamespaceScope({ testId = 'namespace-scope' }: { testId?: string }) {
  const [state, update] = useUrlParts('cluster', 'namespaces');
  const [find, setFind] = useState('');
  const variables = useMemo(() => ({ clusters: state.cluster ? [state.cluster] : null }), [state.cluster]);
  const { data } = useAsk(NamespacesDocument, variables, 60_000);
  const names = useMemo(() => {
    const all = new Map<string, number>();
    for (const each of data?.namespaces ?? []) all.set(each.name, (all.get(each.name) ?? 0) + each.workloads);
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  }, [data]);
  const chosen = new Set(state.namespaces);
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    update({ namespaces: [...next].sort() });
  };
  const label =
    chosen.size === 0
      ? 'All namespaces'
      : chosen.size === 1
        ? state.namespaces[0]
        : `${chosen.size} namespaces`;
  const matching = names.filter(([name]) => name.includes(find.trim().toLowerCase()));
  return (
    <Popover position="bottom-start" width={260} trapFocus transitionProps={{ duration: 120 }}>
      <Popover.Target>
        <button
          type="button"
          className="button quiet scope"
          data-testid={testId}
          data-active={chosen.size > 0 || undefined}
        >
          <IconHexagons size={15} stroke={1.75} aria-hidden />
          {label}
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Namespaces">
        <input
          className="text-field"
          placeholder="Find a namespace"
          aria-label="Find a namespace"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
        <div className="check-list">
          {matching.map(([name, workloads]) => (
            <label key={name}>
              <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
              <span className="cut">{visible(name)}</span>
              <span className="t3">{workloads}</span>
            </label>
          ))}
          {matching.length === 0 && (
            <p className="t3">{names.length ? 'No namespace has that in its name.' : 'No namespaces yet.'}</p>
          )}
        </div>
        {chosen.size > 0 && (
          <button type="button" className="button small" onClick={() => update({ namespaces: [] })}>
            Show all namespaces
          </button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
