import { IconTableExport } from '@tabler/icons-react';
import type { Recommendation } from '../../api/recommendation';
import { download, fileName, toCsv } from '../../dashboards/csv';
import { plural } from '../../domain/units';
import { TOLD, type Told } from '../../domain/url-state';
import { useUrlState } from '../../shell/use-url-state';
import { leaveDraft } from '../whatif/drafts';
import { settled } from '../whatif/links';
import { Denied, LeftOut } from './Edges';
import type { OnFlows } from './FlowActions';
import { HeldOut, Missing } from './HeldOut';
import { leftOutTable, lostTable } from './lists';
import { chosenOf, inForce, keyOf, manifests } from './model';
import { PolicyList } from './PolicyList';
import { MOST_LISTED } from './question';
import { NoManifests, Nothing, Refused, Wrong } from './States';
import { YamlPane } from './YamlPane';

interface Props {
  told: Recommendation;
  cluster: string;
  /** Whether it answers what is asked now. */
  current: boolean;
}

const WORDS: Record<Told, string> = {
  policies: 'Policies',
  denied: 'Would be denied',
  'left-out': 'Left out',
};

/** The API lists at most so many. */
const upTo = (listed: number, more = 0): string => `${listed + more}${listed >= MOST_LISTED ? '+' : ''}`;

/** What was recommended, or why nothing was. */
export function Answer({ told, cluster, current }: Props) {
  const [state, update] = useUrlState();
  const refused = told.problems.find(({ code }) => code === 'NOT_ALLOWED');
  if (refused) return <Refused message={refused.message} />;
  if (told.problems.some(({ path }) => path === 'target.cluster')) return <NoManifests cluster={cluster} />;
  if (told.problems.length) return <Wrong messages={told.problems.map(({ message }) => message)} />;
  const policy = chosenOf(told.policies, state.recommended);
  const lost = told.test?.lost ?? [];
  const counts: Record<Told, string> = {
    policies: String(told.total),
    denied: upTo(lost.length),
    'left-out': upTo(told.unlearnt.length, told.idle.length),
  };
  const within = state.told === 'denied' ? told.test?.range : told.learnt;
  const onFlows: OnFlows = ({ kql }, does) => {
    if (does === 'unwant') update({ unwanted: [...new Set([...state.unwanted, kql])] });
    else
      update(
        { ...(within && settled(within)), kind: 'FLOWS', query: kql, cluster, namespaces: [] },
        { to: '/logs' },
      );
  };
  const onTry = () => {
    if (!policy) return;
    const template = policy.kind === 'NetworkPolicy' ? 'kubernetes' : 'calico';
    leaveDraft(cluster, `new ${template}`, inForce(manifests(told.tier, [policy])));
    update({ value: template, cluster }, { to: '/policies/what-if' });
  };
  const csv = () => {
    const denied = state.told === 'denied';
    const table = denied ? lostTable(lost) : leftOutTable(told.unlearnt);
    download(fileName(`recommended ${WORDS[state.told]}`, 'csv'), 'text/csv', toCsv(table));
  };
  return (
    <>
      <HeldOut told={told} current={current} />
      <Missing told={told} />
      <p className="visually-hidden" role="status">
        {current && `${plural(told.total, 'policy', 'policies')} recommended.`}
      </p>
      <div className="recommend-area" data-yaml={policy !== null || undefined}>
        <section className="recommend-told" aria-label={WORDS[state.told]}>
          <header>
            <fieldset className="segments" aria-label="What is told">
              {TOLD.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={state.told === each}
                  onClick={() => update({ told: each }, { replace: true })}
                  data-testid={`told-${each}`}
                >
                  {WORDS[each]} <span className="count">{counts[each]}</span>
                </button>
              ))}
            </fieldset>
            <span className="t3 small-text wide-only">
              {state.told === 'policies' && 'a policy a workload; shares are of all connections learnt from'}
            </span>
            <span className="top-space" />
            {state.told !== 'policies' && (
              <button type="button" className="button small quiet" onClick={csv} data-testid="edges-csv">
                <IconTableExport size={14} stroke={1.75} aria-hidden />
                CSV
              </button>
            )}
          </header>
          <div className="recommend-scroll">
            {state.told === 'denied' && <Denied lost={lost} onFlows={onFlows} />}
            {state.told === 'left-out' && <LeftOut told={told} />}
            {state.told === 'policies' &&
              (policy ? (
                <PolicyList
                  policies={told.policies}
                  chosen={keyOf(policy)}
                  current={current}
                  onChoose={(recommended) => update({ recommended }, { replace: true })}
                  onFlows={onFlows}
                />
              ) : (
                <Nothing
                  leftOut={told.unlearnt.length}
                  idle={told.idle.length}
                  narrowed={state.namespaces.length > 0 || state.selector !== '' || state.unwanted.length > 0}
                  update={update}
                />
              ))}
          </div>
        </section>
        {policy && <YamlPane told={told} policy={policy} onTry={onTry} />}
      </div>
    </>
  );
}
