import { visible } from '../../domain/names';
import type { UrlState } from '../../domain/url-state';
import { Notice } from '../whatif/States';

export const NoManifests = ({ cluster }: { cluster: string }) => (
  <Notice title={`No manifests of ${visible(cluster)} are known.`} testId="no-manifests">
    <p>Policies are written for workloads that manifests describe. Bring these in:</p>
    <code>
      kubectl get ns,pods,services,endpointslices,networkpolicies -A -o yaml | tapetum policy import -
      --cluster {visible(cluster)} --url {location.origin}
    </code>
    <p>
      With Calico also tiers, its policies, network sets and host endpoints. The range's end tells as of when.
    </p>
  </Notice>
);

export const WhichCluster = ({
  names,
  onPick,
}: {
  names: { id: string; name: string }[];
  onPick: (id: string) => void;
}) => (
  <Notice title="Policies are recommended for one cluster." testId="which-cluster">
    <p>
      {names.map(({ id, name }) => (
        <button key={id} type="button" className="button" onClick={() => onPick(id)}>
          {visible(name)}
        </button>
      ))}
    </p>
  </Notice>
);

export const Refused = ({ message }: { message: string }) => (
  <Notice title="This token may not be recommended policies." testId="recommend-refused">
    <p>{visible(message)}</p>
  </Notice>
);

export const Wrong = ({ messages }: { messages: readonly string[] }) => (
  <Notice title="Nothing can be recommended as it is asked." testId="recommend-wrong">
    {messages.map((message) => (
      <p key={message}>{visible(message)}</p>
    ))}
  </Notice>
);

interface NothingProps {
  /** How many allowed edges were left out, and how many workloads were idle. */
  leftOut: number;
  idle: number;
  narrowed: boolean;
  update: (patch: Partial<UrlState>) => void;
}

export const Nothing = ({ leftOut, idle, narrowed, update }: NothingProps) => (
  <Notice title="No policy is recommended." testId="recommend-nothing">
    <p>
      {leftOut > 0
        ? 'All that was seen of these workloads was left out.'
        : 'The part of the range that is learnt from has no allowed flows of these workloads.'}
      {idle > 0 && ` ${idle} of them were idle.`} Take a longer time range, or other workloads.
    </p>
    {leftOut > 0 && (
      <button type="button" className="button" onClick={() => update({ told: 'left-out' })}>
        Show what was left out
      </button>
    )}
    {narrowed && (
      <button
        type="button"
        className="button"
        onClick={() => update({ namespaces: [], selector: '', unwanted: [] })}
      >
        All workloads, nothing unwanted
      </button>
    )}
  </Notice>
);
