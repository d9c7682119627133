import { useEffect, useState } from 'react';
import { ClustersDocument } from '../../api/catalog';
import { useApi } from '../../api/context';
import { type ApiProblem, readProblem } from '../../api/errors';
import { type ClusterObject, ClusterObjectsDocument } from '../../api/manifests';
import { useAsk } from '../../api/use-ask';
import { resolve } from '../../domain/time';
import { KINDS, type Listed, listed } from './objects';

const NONE = {};

/** Names of the clusters, and the one that is meant: the chosen one, by id or name, or the only one. */
export function useCluster(chosen: string | null) {
  const { data, problem, retry } = useAsk(ClustersDocument, NONE);
  const clusters = data?.clusters ?? null;
  const found =
    clusters?.find(({ id, name }) => id === chosen || name === chosen) ??
    (clusters?.length === 1 ? clusters[0] : undefined);
  return { clusters, cluster: found?.name ?? null, problem, retry };
}

interface Objects {
  /** Null until all kinds are there. */
  objects: Listed[] | null;
  problem: ApiProblem | null;
  retry: () => void;
}

/** All of a cluster's objects that bear on policies, as of the end of a range: so they are replayed. */
export function useObjects(cluster: string | null, end: string): Objects {
  const { client } = useApi();
  const [held, setHeld] = useState<{ key: string; objects: Listed[] } | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [round, setRound] = useState(0);
  const key = `${cluster}@${end}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    if (!cluster) return;
    let over = false;
    const later = (resolve(end, Date.now()) ?? 0) > Date.now();
    const at = later ? 'now' : end;
    const kindOf = async (kind: string): Promise<ClusterObject[]> => {
      const found: ClusterObject[] = [];
      let after: string | null = null;
      do {
        const answer: Awaited<ReturnType<typeof page>> = await page(kind, after);
        if (answer.error || !answer.data) throw answer.error;
        const { nodes, pageInfo } = answer.data.manifests;
        found.push(...nodes);
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after && !over);
      return found;
    };
    const page = (kind: string, after: string | null) =>
      client.query(ClusterObjectsDocument, { cluster, kind, at, after }).toPromise();
    Promise.all(KINDS.map(kindOf)).then(
      (found) => {
        if (over) return;
        setProblem(null);
        setHeld({ key, objects: found.flat().map(listed) });
      },
      (error) => {
        if (!over) setProblem(readProblem(error));
      },
    );
    return () => {
      over = true;
    };
  }, [client, key, round]);

  return {
    objects: held?.key === key ? held.objects : null,
    problem,
    retry: () => setRound((was) => was + 1),
  };
}
