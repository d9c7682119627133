import '../../dashboards/dashboards.css';
import '../rules/rules.css';
import './delivery.css';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type DeliveryTarget, DeliveryTargetsDocument } from '../../api/delivery';
import { useAsk } from '../../api/use-ask';
import { Problems } from '../../dashboards/Problems';
import { plural } from '../../domain/units';
import { encode } from '../../domain/url-state';
import { carried } from '../../shell/screens';
import { useNow } from '../../shell/use-now';
import { useUrlState } from '../../shell/use-url-state';
import { documentOf, draftOf } from './draft';
import { TargetPane } from './TargetPane';
import { TargetTable } from './TargetTable';
import { useChanges } from './use-changes';

const NONE = {};
const EVERY = 3000;
const NEW = 'new';

/** Where alerts are sent, and how that goes. */
export function DeliveryPage() {
  const [state] = useUrlState();
  const { data, problem, retry } = useAsk(DeliveryTargetsDocument, NONE, EVERY);
  const now = useNow(1000);
  const { save } = useChanges();
  const [open, setOpen] = useState<string | null>(null);
  const [turning, setTurning] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<string[]>([]);
  const [said, setSaid] = useState('');
  const all = data?.deliveryTargets;
  const chosen = all?.find((target) => target.id === open) ?? null;
  const changed = (id: string | null, sentence: string) => {
    setOpen(id);
    setSaid(sentence);
    retry();
  };
  const onTurn = async (target: DeliveryTarget, enabled: boolean) => {
    if (turning.has(target.id)) return;
    setTurning((was) => new Set(was).add(target.id));
    const told = await save(documentOf({ ...draftOf(target.document), enabled }), target);
    setTurning((was) => new Set([...was].filter((id) => id !== target.id)));
    setProblems(told.problems);
    if (told.done) changed(open, `Switched ${enabled ? 'on' : 'off'}.`);
  };
  return (
    <div className="rules-page">
      <div className="dash-bar">
        <Link
          to="/alerts"
          search={encode(carried(state, '/alerts'))}
          className="button"
          data-testid="to-alerts"
        >
          <IconArrowLeft size={15} stroke={1.75} aria-hidden />
          Alerts
        </Link>
        <span className="t3 small-text" role="status" data-testid="delivery-said">
          {said || (all && plural(all.length, 'target'))}
        </span>
        <span className="top-space" />
        {all && (
          <button
            type="button"
            className="button primary"
            onClick={() => setOpen(NEW)}
            data-testid="add-target"
          >
            <IconPlus size={15} stroke={1.75} aria-hidden />
            Add a target
          </button>
        )}
      </div>
      <Problems problems={problems} onClose={() => setProblems([])} />
      <div className="rules-area" data-pane={open === NEW || chosen !== null || undefined}>
        <section className="rules-scroll" aria-label="Targets">
          {problem && (
            <p className="widget-problem" role="alert">
              The targets did not answer: {problem.message}
              <button type="button" className="button small" onClick={retry}>
                Try again
              </button>
            </p>
          )}
          {!all && !problem && <div className="skeleton rules-waiting" aria-busy="true" />}
          {all && all.length > 0 && (
            <TargetTable
              targets={all}
              chosen={chosen?.id ?? null}
              turning={turning}
              now={now}
              onChoose={(target) => setOpen(target.id === open ? null : target.id)}
              onTurn={onTurn}
            />
          )}
          {all?.length === 0 && (
            <div className="notice">
              <p className="notice-title">Alerts are sent nowhere.</p>
              <p>
                Add a webhook, Slack, Jira, Alertmanager or a syslog server, and each gets the alerts that it
                wants as they are raised.
              </p>
            </div>
          )}
        </section>
        {(open === NEW || chosen) && (
          <TargetPane
            key={chosen?.id ?? NEW}
            target={chosen}
            now={now}
            onSaved={changed}
            onDeleted={(sentence) => changed(null, sentence)}
            onClose={() => setOpen(null)}
          />
        )}
      </div>
    </div>
  );
}
