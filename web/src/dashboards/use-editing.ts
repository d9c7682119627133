import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SavedDashboard } from '../api/dashboards';
import { useUrlState } from '../shell/use-url-state';
import { along } from './address';
import type { DashboardDocument, Place, Widget, WidgetKind } from './document';
import { added, changed, duplicated, isDirty, moved, opened, removed, replaced, undone } from './edits';
import { leaveFreely } from './Leaving';
import { newWidget } from './new-widget';
import { useSaved } from './use-saved';

export type Work = ReturnType<typeof useEditing>;

/** The state of editing one dashboard, and everything that can be done to it. */
export function useEditing(saved: SavedDashboard | null, document: DashboardDocument) {
  const [state, update] = useUrlState();
  const navigate = useNavigate();
  const { save: send } = useSaved();
  const [history, setHistory] = useState(() => opened(document));
  const [version, setVersion] = useState(saved?.version ?? 0);
  const [problems, setProblems] = useState<string[]>([]);
  const [saving, setSaving] = useState(false);
  const editing = saved === null || (saved.editable && state.edit);

  // Read anew, for example after somebody else saved: taken over unless there is work to lose.
  const known = useRef(saved?.version ?? 0);
  useEffect(() => {
    if (!saved || saved.version === known.current) return;
    known.current = saved.version;
    setHistory((was) => (isDirty(was) ? was : opened(document)));
    setVersion(saved.version);
  }, [saved, document]);

  const change = useCallback((edit: (now: DashboardDocument) => DashboardDocument, did: string) => {
    setProblems([]);
    setHistory((was) => changed(was, edit(was.now), did));
  }, []);
  const select = useCallback((id: string | null) => update({ widget: id }, { replace: true }), [update]);
  const titleOf = (id: string) =>
    history.now.widgets.find((widget) => widget.id === id)?.title ?? 'the widget';

  const save = async () => {
    setSaving(true);
    const over = saved ? { id: saved.id, version } : null;
    const told = await send(history.now, over);
    setSaving(false);
    setProblems(told.problems);
    if (!told.dashboard) return;
    // What the server keeps may be written differently; what is on screen stays until it is opened again.
    setHistory((was) => ({ ...was, saved: was.now, past: [] }));
    setVersion(told.dashboard.version);
    known.current = told.dashboard.version;
    if (!saved) {
      leaveFreely();
      navigate({
        to: '/dashboards/$id',
        params: { id: told.dashboard.id },
        search: along(state),
      });
    } else update({ edit: false, widget: null });
  };
  const discard = () => {
    setHistory((was) => opened(was.saved));
    setProblems([]);
    if (saved) update({ edit: false, widget: null });
    else {
      leaveFreely();
      navigate({ to: '/dashboards', search: along(state) });
    }
  };
  const addWidget = (kind: WidgetKind) => {
    const made = added(history.now, newWidget(kind));
    if (!made) return setProblems(['A dashboard has at most 60 widgets; remove one first.']);
    change(() => made.document, `Add a widget`);
    select(made.id);
  };

  return {
    editing,
    history,
    dirty: isDirty(history),
    selected: editing ? state.widget : null,
    problems,
    saving,
    select,
    save,
    discard,
    addWidget,
    undo: () => setHistory(undone),
    place: (id: string, place: Place) => change((now) => moved(now, id, place), `Move ${titleOf(id)}`),
    changeWidget: (widget: Widget) => change((now) => replaced(now, widget), `Change ${widget.id}`),
    changeHead: (patch: Partial<DashboardDocument>) =>
      change((now) => ({ ...now, ...patch }), `Change ${Object.keys(patch).join(' and ')}`),
    copyWidget: (id: string) => {
      const made = duplicated(history.now, id);
      if (made) change(() => made.document, `Copy ${titleOf(id)}`);
    },
    removeWidget: (id: string) => {
      change((now) => removed(now, id), `Remove ${titleOf(id)}`);
      if (state.widget === id) select(null);
    },
  };
}
