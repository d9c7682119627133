import { Popover } from '@mantine/core';
import { IconCalendarTime, IconChevronDown } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { isLive, isoSeconds, isRange, PRESETS, resolve, resolveRange } from '../domain/time';
import { clockMinutes, day, span } from '../domain/units';
import { useNow } from './use-now';
import { useUrlParts } from './use-url-state';

export function RangePicker() {
  const [state, update] = useUrlParts('from', 'to');
  const [opened, setOpened] = useState(false);
  const now = useNow(5000);
  const { from, to } = resolveRange(state, now);
  const far = day(from) !== day(now);
  const stamp = (moment: number) =>
    far ? `${day(moment).slice(5)} ${clockMinutes(moment)}` : clockMinutes(moment);
  const choose = (range: { from: string; to: string }) => {
    update(range);
    setOpened(false);
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={300}
      trapFocus
      transitionProps={{ duration: 120 }}
    >
      <Popover.Target>
        <button
          type="button"
          className="button range"
          data-testid="range-picker"
          onClick={() => setOpened((open) => !open)}
        >
          <IconCalendarTime size={15} stroke={1.75} aria-hidden />
          <span className="visually-hidden">Time range</span>
          <span className="strong num">
            {stamp(from)} – {stamp(to)}
          </span>
          <span className="note wide-only">{span(to - from)} · UTC</span>
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time range">
        <div className="preset-grid">
          {PRESETS.map((preset) => (
            <button
              key={preset.from}
              type="button"
              className="button quiet"
              data-testid={`range-${preset.from}`}
              aria-pressed={isLive(state) && state.from === preset.from}
              onClick={() => choose({ from: preset.from, to: 'now' })}
            >
              {preset.label}
            </button>
          ))}
        </div>
        <Exact
          key={`${state.from} ${state.to} ${opened}`}
          from={isoSeconds(from)}
          to={isoSeconds(to)}
          onChoose={choose}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface ExactProps {
  from: string;
  to: string;
  onChoose: (range: { from: string; to: string }) => void;
}

function Exact({ from, to, onChoose }: ExactProps) {
  const [range, setRange] = useState({ from, to });
  const now = Date.now();
  const unread = (['from', 'to'] as const).find((end) => resolve(range[end].trim(), now) === null);
  const problem = unread
    ? `“${range[unread]}” is not a time. Write 2026-11-23T14:05:00Z or now-15m.`
    : isRange(range)
      ? null
      : 'The start must come before the end.';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!problem) onChoose({ from: range.from.trim(), to: range.to.trim() });
  };
  return (
    <form className="exact-range" onSubmit={submit}>
      <label>
        From
        <input
          className="text-field mono"
          value={range.from}
          onChange={(event) => setRange({ ...range, from: event.target.value })}
        />
      </label>
      <label>
        To
        <input
          className="text-field mono"
          value={range.to}
          onChange={(event) => setRange({ ...range, to: event.target.value })}
        />
      </label>
      {problem && (
        <p className="deny-ink" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary" disabled={problem !== null}>
        Show this range
      </button>
    </form>
  );
}
