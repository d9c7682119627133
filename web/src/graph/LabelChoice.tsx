import { Menu } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { FigureLogsDocument } from '../api/edge-figures';
import { useAsk } from '../api/use-ask';
import { LABEL_WORDS, type Label, MEASURED, type Measured } from '../domain/edge-label';
import { MEASURES } from '../domain/traffic';
import type { UrlState } from '../domain/url-state';
import { Choice, Item } from './Choice';

interface Props {
  state: UrlState;
  update: (patch: Partial<UrlState>) => void;
}

/** Which logs tell a figure, and what is missing where there are none. */
const LOGS: Record<Measured, ['rtt' | 'retransmissions' | 'dns' | 'http', string]> = {
  rtt: ['rtt', 'No TCP statistics in this range'],
  retransmissions: ['retransmissions', 'No TCP statistics in this range'],
  dns: ['dns', 'No DNS logs in this range'],
  'dns-failures': ['dns', 'No DNS logs in this range'],
  http: ['http', 'No HTTP logs in this range'],
};

/** What is written at edges. */
export function LabelChoice({ state, update }: Props) {
  const [opened, setOpened] = useState(false);
  const { from, to, cluster, label } = state;
  const asked = opened ? { range: { from, to }, clusters: cluster ? [cluster] : null } : null;
  const { data } = useAsk(FigureLogsDocument, asked);
  const missing = (each: Measured) => {
    const [logs, words] = LOGS[each];
    return data && data[logs].nodes.length === 0 ? words : null;
  };
  const word =
    label === null
      ? 'as width'
      : LABEL_WORDS[label].toLowerCase().replace(/^(dns|http)/, (s) => s.toUpperCase());
  const choose = (next: Label | null) => update({ label: next });
  return (
    <Choice
      icon={<IconTag size={14} stroke={1.75} aria-hidden />}
      label={`Labels: ${word}`}
      testid="menu-labels"
      onChange={setOpened}
    >
      <Item on={label === null} onClick={() => choose(null)}>
        As the width
      </Item>
      <Item on={label === 'off'} onClick={() => choose('off')}>
        Off, but for what was denied
      </Item>
      <Menu.Divider />
      {MEASURES.map((measure) => (
        <Item key={measure} on={label === measure} onClick={() => choose(measure)}>
          {LABEL_WORDS[measure]} per second
        </Item>
      ))}
      <Menu.Divider />
      {MEASURED.map((each) => (
        <Item key={each} on={label === each} note={missing(each)} onClick={() => choose(each)}>
          {LABEL_WORDS[each]}
        </Item>
      ))}
    </Choice>
  );
}
