import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type Policy, PolicyDocument } from '../../api/policies';
import { useAsk } from '../../api/use-ask';
import { visible } from '../../domain/names';
import { type AskedRange, isLive } from '../../domain/time';
import { exact, plural } from '../../domain/units';
import { writeRef } from '../whatif/objects';
import { Counts } from './Counts';
import { Endpoints } from './Endpoints';
import { History } from './History';
import { flowsOf, kindWords, manifestOf, placeOf } from './model';
import { Rules } from './Rules';
import { Sparkline, together } from './Sparkline';

const VIEWS = ['Rules', 'Endpoints', 'YAML', 'History'] as const;

interface Props {
  id: string;
  range: AskedRange;
  now: number;
  onPick: (id: string) => void;
  onLogs: (query: string, cluster: string) => void;
  onTry: (object: string, cluster: string) => void;
  onClose: () => void;
}

/** One policy: what it selects, its rules with what each did, its manifest and what it was before. */
export function PolicyPanel({ id, range, now, onPick, onLogs, onTry, onClose }: Props) {
  const [view, setView] = useState<(typeof VIEWS)[number]>('Rules');
  const variables = useMemo(() => ({ id, range }), [id, range]);
  const { data, problem, retry } = useAsk(PolicyDocument, variables, isLive(range) ? 30_000 : 0);
  const policy = data?.policy ?? null;
  return (
    <aside className="policy-panel" aria-label="Selected policy" data-testid="policy-panel">
      <header>
        <span className="t3">Policy</span>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the policy"
          title="Close (Esc)"
          onClick={onClose}
        >
          <IconX size={16} stroke={1.75} aria-hidden />
        </button>
      </header>
      {problem && (
        <p className="warn-ink" role="alert">
          The policy did not answer: {problem.message}{' '}
          <button type="button" className="button small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {!data && !problem && <div className="skeleton" style={{ height: 320 }} aria-busy="true" />}
      {data && !policy && (
        <p className="t2">This policy was not there at the end of the range, or is not yours to see.</p>
      )}
      {policy && (
        <>
          <Head policy={policy} onLogs={onLogs} onTry={onTry} />
          <div className="segments policy-views">
            {VIEWS.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={view === each}
                onClick={() => setView(each)}
                data-testid={`policy-${each.toLowerCase()}`}
              >
                {each}
              </button>
            ))}
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <section className="policy-body" aria-label={view} tabIndex={0}>
            {view === 'Rules' && <Rules policy={policy} now={now} onPick={onPick} onLogs={onLogs} />}
            {view === 'Endpoints' && <Endpoints policy={policy} />}
            {view === 'YAML' && <Yaml text={policy.yaml} />}
            {view === 'History' && <History versions={policy.history} />}
          </section>
        </>
      )}
    </aside>
  );
}

function Head({ policy, onLogs, onTry }: { policy: Policy } & Pick<Props, 'onLogs' | 'onTry'>) {
  const { counts } = policy;
  return (
    <>
      <h2 className="policy-name">{visible(policy.name)}</h2>
      <p className="policy-facts">
        <span className="chip">{placeOf(policy)}</span>
        <span className="chip">
          {visible(policy.tier)}, order {policy.order === null ? 'last' : exact(policy.order)}
        </span>
        <span className="chip">{policy.governs.join(' and ')}</span>
        <span className="chip">{kindWords(policy.kind)}</span>
        {policy.selects !== null && <span className="chip">{plural(policy.selects, 'endpoint')}</span>}
        {policy.staged && <span className="pill staged">Staged: {policy.staged.toLowerCase()}</span>}
        {policy.unused && <span className="chip warn">Unused in this range</span>}
      </p>
      <code className="policy-selector">
        <span className="t3">selects</span> {visible(policy.selector)}
      </code>
      <div className="policy-trend">
        <Counts counts={counts} />
        <Sparkline
          on={together(counts.allowedTrend, counts.passedTrend)}
          denied={counts.deniedTrend}
          width={90}
        />
        <button
          type="button"
          className="button small"
          onClick={() => onLogs(flowsOf(policy, policy.staged !== null), policy.cluster)}
          data-testid="policy-logs"
        >
          Open in Logs
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => onTry(writeRef(manifestOf(policy)), policy.cluster)}
          data-testid="policy-try"
        >
          Try a change
        </button>
      </div>
      {policy.notes.map((note) => (
        <p key={note} className="warn-ink policy-told">
          {visible(note)}
        </p>
      ))}
    </>
  );
}

function Yaml({ text }: { text: string }) {
  return (
    <>
      <button
        type="button"
        className="button small"
        onClick={() => navigator.clipboard.writeText(text)}
        data-testid="copy-yaml"
      >
        Copy YAML
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre className="policy-yaml mono" tabIndex={0}>
        {visibleLines(text)}
      </pre>
    </>
  );
}

const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');
