import { IconPlus } from '@tabler/icons-react';
import { DeliveryTargetsDocument } from '../../api/delivery';
import { useAsk } from '../../api/use-ask';
import { plural } from '../../domain/units';
import { useNow } from '../../shell/use-now';
import { KeptPage } from '../kept/KeptPage';
import { useKeptOpen } from '../kept/use-kept-open';
import { useTelling } from '../kept/use-telling';
import { documentOf, draftOf } from './draft';
import { TargetPane } from './TargetPane';
import { TargetTable } from './TargetTable';
import { useChanges } from './use-changes';

const NONE = {};
const EVERY = 3000;

/** Where alerts are sent, and how that goes. */
export function DeliveryPage() {
  const { data, problem, retry } = useAsk(DeliveryTargetsDocument, NONE, EVERY);
  const now = useNow(1000);
  const { save } = useChanges();
  const telling = useTelling(retry);
  const { opened, adding, add, open } = useKeptOpen();
  const all = data?.deliveryTargets;
  const chosen = all?.find((target) => target.id === opened) ?? null;
  const changed = (id: string | null, sentence: string) => {
    open(id);
    telling.changed(sentence);
  };
  return (
    <KeptPage
      many="targets"
      problem={problem}
      waiting={!all}
      retry={retry}
      said={telling.said || (all ? plural(all.length, 'target') : '')}
      problems={telling.problems}
      onRead={() => telling.setProblems([])}
      action={
        all && (
          <button type="button" className="button primary" onClick={add} data-testid="add-target">
            <IconPlus size={15} stroke={1.75} aria-hidden />
            Add a target
          </button>
        )
      }
      pane={
        (adding || chosen) && (
          <TargetPane
            key={chosen?.id ?? 'new'}
            target={chosen}
            now={now}
            onSaved={changed}
            onDeleted={(sentence) => changed(null, sentence)}
            onChanged={retry}
            onClose={() => open(null)}
          />
        )
      }
    >
      {all && all.length > 0 && (
        <TargetTable
          targets={all}
          chosen={chosen?.id ?? null}
          turning={telling.turning}
          now={now}
          onChoose={(target) => open(target.id === opened ? null : target.id)}
          onTurn={(target, enabled) =>
            telling.turn(target.id, enabled, () =>
              save(documentOf({ ...draftOf(target.document), enabled }), target),
            )
          }
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
    </KeptPage>
  );
}
