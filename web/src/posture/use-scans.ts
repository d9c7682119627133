import { useRef, useState } from 'react';
import { useApi } from '../api/context';
import { ScanTargetsDocument } from '../api/posture';
import { useAsk } from '../api/use-ask';
import { type Outcome, sendScan, waiting } from './scans';

const NONE = {};

export interface Scans {
  /** Names of the clusters that scans can be of, in the order of their titles. */
  clusters: readonly { name: string; title: string }[];
  /** The one that they are brought in of; null where it is not known yet. */
  cluster: string | null;
  choose: (cluster: string) => void;
  /** Null until it is known. */
  allowed: boolean | null;
  busy: boolean;
  outcomes: readonly Outcome[];
  send: (files: readonly File[]) => Promise<void>;
  clear: () => void;
}

/** Files that are brought in one after the other, of the page's cluster or of one that is chosen. */
export function useScans(scope: string | null, onTaken: () => void): Scans {
  const { client } = useApi();
  const { data } = useAsk(ScanTargetsDocument, NONE);
  const [chosen, choose] = useState<string | null>(null);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const sending = useRef(false);
  const all = data?.clusters ?? [];
  const clusters = all.filter(({ id, name }) => !scope || id === scope || name === scope);
  const cluster = (clusters.find(({ name }) => name === chosen) ?? clusters[0])?.name ?? null;
  const send = async (files: readonly File[]) => {
    if (!files.length || sending.current || !cluster) return;
    sending.current = true;
    setOutcomes(files.map(waiting));
    let taken = false;
    for (const [at, file] of files.entries()) {
      const outcome = await sendScan(client, cluster, file);
      taken ||= outcome.taken === true;
      setOutcomes((was) => was.map((each, index) => (index === at ? outcome : each)));
    }
    sending.current = false;
    if (taken) onTaken();
  };
  return {
    clusters,
    cluster,
    choose,
    allowed: data?.mayImportScans ?? null,
    busy: outcomes.some((each) => each.taken === null),
    outcomes,
    send,
    clear: () => setOutcomes([]),
  };
}
