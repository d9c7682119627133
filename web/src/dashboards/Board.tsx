import { useMemo } from 'react';
import type { SavedDashboard } from '../api/dashboards';
import { isLive } from '../domain/time';
import { useUrlState } from '../shell/use-url-state';
import { BoardContext } from './context';
import { type DashboardDocument, MOST_WIDGETS } from './document';
import { EditBar } from './EditBar';
import { EditGrid } from './EditGrid';
import { Editor } from './editor/Editor';
import { Grid } from './Grid';
import { Leaving } from './Leaving';
import { Prose } from './Prose';
import { UndoToast } from './UndoToast';
import { useBoardKeys } from './use-board-keys';
import { useEditing } from './use-editing';
import { useFeed } from './use-feed';
import { readValues, VariableBar } from './VariableBar';
import { ViewBar } from './ViewBar';

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Props {
  saved: SavedDashboard | null;
  document: DashboardDocument;
  onReload: () => void;
}

/** A dashboard, looked at or worked on. */
export function Board({ saved, document, onReload }: Props) {
  const [state, update] = useUrlState();
  const work = useEditing(saved, document);
  // Work that was left by going back waits until it is taken up again; meanwhile the saved one is shown.
  const now = work.editing ? work.history.now : work.history.saved;
  const clusters = useMemo(() => (state.cluster ? [state.cluster] : null), [state.cluster]);
  const { from, to, namespaces, values } = state;
  const scope = useMemo(
    () => ({ range: { from, to }, namespaces, values: readValues(values), document: now, zone: ZONE }),
    [from, to, namespaces, values, now],
  );
  const feed = useFeed(now.widgets, scope, clusters);
  const board = useMemo(() => ({ state, scope, onRange: update }), [state, scope, update]);
  useBoardKeys(work);
  const selected = now.widgets.find(({ id }) => id === work.selected) ?? null;

  return (
    <BoardContext value={board}>
      <div className="dash-page" data-editing={work.editing || undefined}>
        {work.editing ? (
          <EditBar work={work} saved={saved} />
        ) : (
          <ViewBar saved={saved} document={now} onReload={onReload} />
        )}
        <VariableBar document={now} values={scope.values} />
        <div className="dash-scroll" data-live={isLive(state) || undefined}>
          {!work.editing && now.description && (
            <p className="dash-about t2">
              <Prose text={now.description} />
            </p>
          )}
          {work.editing ? (
            <EditGrid
              widgets={now.widgets}
              feed={feed}
              selected={work.selected}
              onPlace={work.place}
              onSelect={work.select}
              onCopy={work.copyWidget}
              onRemove={work.removeWidget}
            />
          ) : (
            <Grid widgets={now.widgets} feed={feed} />
          )}
          {!now.widgets.length && (
            <div className="notice">
              <p className="notice-title">Nothing on this dashboard yet.</p>
              <p>
                {work.editing
                  ? `Add a widget: a question to the logs, and how its answer is drawn. There is room for ${MOST_WIDGETS}.`
                  : 'Edit it to add widgets.'}
              </p>
            </div>
          )}
        </div>
        {work.editing && selected && (
          <Editor
            key={selected.id}
            widget={selected}
            onChange={work.changeWidget}
            onClose={() => work.select(null)}
          />
        )}
        {work.editing && <UndoToast work={work} />}
        <Leaving dirty={work.dirty} />
      </div>
    </BoardContext>
  );
}
