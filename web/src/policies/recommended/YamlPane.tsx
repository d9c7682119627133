import { IconDownload, IconGitCompare } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { Recommendation, RecommendedPolicy } from '../../api/recommendation';
import { download, fileName } from '../../dashboards/csv';
import { visible } from '../../domain/names';
import { DraftTools } from '../whatif/draft/DraftTools';
import { Waiting } from '../whatif/States';
import { manifests } from './model';

const Editor = lazy(() => import('../whatif/draft/Editor').then(({ Editor: found }) => ({ default: found })));
const NOTHING_KNOWN = {
  tiers: [],
  namespaces: [],
  serviceAccounts: [],
  labels: new Map(),
  namespaceLabels: new Map(),
};

interface Props {
  told: Recommendation;
  policy: RecommendedPolicy;
  onTry: () => void;
}

/** The chosen policy as a manifest, to be read and taken along. */
export function YamlPane({ told, policy, onTry }: Props) {
  const all = `recommended ${told.cluster ?? ''}`;
  return (
    <section className="recommend-yaml" aria-label="The policy as YAML">
      <div className="draft-bar">
        <h2 className="cut mono" title={visible(policy.name)}>
          {visible(policy.name)}
        </h2>
        <span className="top-space" />
        <DraftTools text={policy.yaml} name={policy.name} onDiscard={null} />
      </div>
      <div className="draft-text">
        <Suspense fallback={<Waiting />}>
          <Editor
            text={policy.yaml}
            original={null}
            known={NOTHING_KNOWN}
            problems={[]}
            label="The policy as YAML"
            onText={null}
          />
        </Suspense>
      </div>
      <div className="recommend-out">
        <button type="button" className="button primary" onClick={onTry} data-testid="try-what-if">
          <IconGitCompare size={15} stroke={1.75} aria-hidden />
          Try in What-if
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            download(fileName(all, 'yaml'), 'application/yaml', manifests(told.tier, told.policies))
          }
          data-testid="download-all"
        >
          <IconDownload size={15} stroke={1.75} aria-hidden />
          Download all {told.policies.length}
        </button>
        <span className="t3 small-text">
          {policy.kind.startsWith('Staged')
            ? 'What-if takes it as if it were in force.'
            : 'Nothing here changes the cluster.'}
        </span>
      </div>
    </section>
  );
}
