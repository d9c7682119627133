import './logs.css';
import './panels.css';
import './table.css';
import '../scrubber/scrubber.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { KINDS, type LogKind } from '../domain/log-kinds';
import { isLive } from '../domain/time';
import { KqlBar } from '../kql/KqlBar';
import { translate } from '../kql/translate';
import { useUrlState } from '../shell/use-url-state';
import { useActions } from './actions';
import { type Column, nextSort, readColumns, writeColumns } from './columns';
import { ExportMenu } from './ExportMenu';
import { FieldList } from './FieldList';
import { Histogram } from './Histogram';
import { KindTabs } from './KindTabs';
import { LogStates } from './LogStates';
import { LogTable, type TableHandle } from './LogTable';
import { PresetNote } from './PresetNote';
import { PresetsMenu } from './PresetsMenu';
import { PresetView } from './PresetView';
import { RecordPanel } from './RecordPanel';
import { SaveSearch } from './SaveSearch';
import { Toolbar } from './Toolbar';
import { useFields } from './use-fields';
import { useLogKeys } from './use-log-keys';
import { useLogPages } from './use-log-pages';
import { usePreset } from './use-preset';
import { useQuestion } from './use-question';
import { useRows } from './use-rows';
import { useNewer, useTail } from './use-tail';

const EVERY = 5000;

export function LogsPage() {
  const [state, update] = useUrlState();
  const { kind } = state;
  const info = KINDS[kind];
  const question = useQuestion(state);
  const fields = useFields(kind);
  const pages = useLogPages(question);
  const actions = useActions(state.query, update);
  const table = useRef<TableHandle>(null);
  const [scrolled, setScrolled] = useState(false);
  const [showFields, setShowFields] = useState(false);
  const [dropped, setDropped] = useState<string[]>([]);

  const live = isLive(state);
  const tailing = live && state.tail && !state.sort;
  const [paused, setPaused] = useState(false);
  const tail = useTail(question, tailing, paused || scrolled || state.record !== null);
  const newer = useNewer(question, live && !tailing, pages.answeredAt);
  const rows = useRows(pages, kind, tail.arrivals, tailing);
  const { refresh } = pages;

  // New rows come by themselves only while the newest are in sight and nobody is reading one.
  const following = live && !tailing && !scrolled && state.record === null;
  useEffect(() => {
    if (!following) return;
    const timer = setInterval(() => document.visibilityState !== 'hidden' && refresh(), EVERY);
    return () => clearInterval(timer);
  }, [following, refresh]);

  const columns = useMemo(() => readColumns(state.columns, info, fields), [state.columns, info, fields]);
  const setColumns = useCallback(
    (next: Column[]) => update({ columns: writeColumns(next, info) }, { replace: true }),
    [info, update],
  );
  const preset = usePreset(state, columns, update);
  const setKind = useCallback(
    (next: LogKind) => {
      const there = translate(state.query, kind, next);
      setDropped(there.dropped);
      update({ kind: next, query: there.query, columns: [], sort: null, record: null, preset: null });
    },
    [kind, state.query, update],
  );
  const open = useCallback((record: string | null) => update({ record }, { replace: true }), [update]);
  const { above } = rows;
  const { look: lookAt } = pages;
  const look = useCallback(
    (first: number, last: number) => lookAt(Math.max(0, first - above), Math.max(0, last - above)),
    [lookAt, above],
  );
  const newest = useCallback(() => {
    tail.clear();
    refresh();
    table.current?.top();
  }, [tail.clear, refresh]);
  useLogKeys({ table, opened: state.record, onClose: () => open(null) });

  const order = state.sort ?? `-${info.time}`;
  return (
    <div
      className="logs-page"
      data-panel={state.record !== null || undefined}
      data-fields={showFields || undefined}
    >
      <div className="logs-tabs">
        <KindTabs kind={kind} range={question.range} clusters={question.clusters} onKind={setKind} />
        <span className="top-space" />
        <PresetsMenu presets={preset.presets} kind={kind} chosen={preset.chosen} onPick={preset.pick} />
        <SaveSearch onSave={preset.save} />
        <ExportMenu question={question} columns={columns} total={pages.current ? pages.pages.total : null} />
      </div>
      <div className="logs-query">
        <KqlBar
          key={kind}
          query={state.query}
          kind={kind}
          range={state}
          clusters={question.clusters}
          problem={pages.problem?.isFilter ? pages.problem : null}
          onRun={(query) => update({ query, record: null })}
        />
      </div>
      <FieldList
        question={question}
        fields={fields}
        columns={columns}
        actions={actions}
        onColumns={setColumns}
        onClose={() => setShowFields(false)}
      />
      <div className="logs-main" id="log-records" role="tabpanel" aria-labelledby={`tab-${info.slug}`}>
        {preset.chosen && (
          <PresetNote
            // Its siblings have keys too.
            key={`note ${preset.chosen.id}`}
            preset={preset.chosen}
            changed={preset.changed}
            onCopyLink={() => actions.copy(location.href)}
            onReset={preset.reset}
            onDelete={preset.remove}
            onClose={() => update({ preset: null })}
          />
        )}
        <Histogram
          question={question}
          total={pages.current ? pages.pages.total : null}
          onRange={(range) => update({ ...range, record: null })}
        />
        <Toolbar
          state={state}
          update={update}
          dropped={dropped}
          onDismiss={() => setDropped([])}
          columns={columns}
          grouped={preset.view !== 'logs'}
          tailing={tailing}
          paused={paused}
          waiting={tailing ? tail.waiting : following ? 0 : newer}
          onPause={() => setPaused((was) => !was)}
          onNewest={newest}
          onFields={() => setShowFields((was) => !was)}
        />
        {preset.view !== 'logs' ? (
          <PresetView key={`view ${state.preset}`} question={question} preset={preset} />
        ) : (
          <LogStates
            pages={pages}
            state={state}
            info={info}
            tailProblem={tail.problem}
            empty={pages.current && rows.count === 0}
            update={update}
          >
            <LogTable
              key={kind}
              kind={kind}
              label={`${info.label}, ${state.sort ? `ordered by ${state.sort}` : 'newest first'}`}
              columns={columns}
              sort={order}
              rows={rows}
              opened={state.record}
              actions={actions}
              handle={table}
              onOpen={open}
              onSort={(field) => {
                const next = nextSort(order, field) ?? `-${info.time}`;
                update({ sort: next === `-${info.time}` ? null : next });
              }}
              onColumns={setColumns}
              onLook={look}
              onScrolled={setScrolled}
            />
          </LogStates>
        )}
        <footer className="logs-foot">
          <span role="status" className="visually-hidden">
            {actions.said}
          </span>
          <span aria-hidden className="t2">
            {actions.said}
          </span>
          <span className="top-space" />
          <span className="t3 wide-only">
            <kbd className="kbd">J</kbd> <kbd className="kbd">K</kbd> move <kbd className="kbd">Enter</kbd>{' '}
            open <kbd className="kbd">F</kbd> filter for <kbd className="kbd">X</kbd> filter out{' '}
            <kbd className="kbd">C</kbd> copy
          </span>
        </footer>
      </div>
      {state.record !== null && (
        <RecordPanel
          key={kind}
          kind={kind}
          id={state.record}
          fields={fields}
          actions={actions}
          onClose={() => open(null)}
        />
      )}
    </div>
  );
}
