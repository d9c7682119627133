import './whatif.css';
import './result/result.css';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { namedColumn } from '../../api/errors';
import type { SimulationProblem } from '../../api/simulation';
import type { UrlState } from '../../domain/url-state';
import { allOf, inNamespaces } from '../../kql/build';
import { KqlBar } from '../../kql/KqlBar';
import type { ScreenPath } from '../../shell/screens';
import { useUrlState } from '../../shell/use-url-state';
import { ChangeBar } from './ChangeBar';
import { ChangeForm } from './ChangeForm';
import { type Change, changesOf, readChange } from './change';
import { leaveDraft, useDraft } from './drafts';
import { KeptList } from './KeptList';
import { changesOfKept, type Kept, keptPlace, MOST_KEPT, useKept, writeKept } from './kept';
import { ObjectList } from './ObjectList';
import { isStaged, readRef, writeRef } from './objects';
import { Results } from './Results';
import { Failed, NoClusters, NoManifests, NotThere, Start, Untouched, Waiting, WhichCluster } from './States';
import { templateOf } from './templates';
import { tiersOf } from './tiers';
import { useCluster, useObjects } from './use-objects';
import { useReplay } from './use-replay';

const DraftPane = lazy(() => import('./draft/DraftPane').then(({ DraftPane: pane }) => ({ default: pane })));
const isOfFilter = ({ code }: SimulationProblem): boolean => code === 'BAD_QUERY';
const NOTHING_CHOSEN = { object: null, change: null, value: null, draft: null, kept: null, flip: null };

/** A change is written on the left; on the right stands what it would have done to recorded flows. */
export function WhatIfPage() {
  const [state, update] = useUrlState();
  const { clusters, cluster, problem, retry } = useCluster(state.cluster);
  const inventory = useObjects(cluster, state.to);
  if (problem && !clusters) return <Failed what="The list of clusters" problem={problem} onRetry={retry} />;
  if (clusters && !clusters.length) return <NoClusters />;
  if (clusters && !cluster) return <WhichCluster names={clusters} onPick={(id) => update({ cluster: id })} />;
  if (inventory.problem && !inventory.objects)
    return <Failed what="The cluster's manifests" problem={inventory.problem} onRetry={inventory.retry} />;
  if (!cluster || !inventory.objects) return <Waiting />;
  if (!inventory.objects.length) return <NoManifests cluster={cluster} />;
  return <Trying key={cluster} cluster={cluster} objects={inventory.objects} />;
}

type Objects = NonNullable<ReturnType<typeof useObjects>['objects']>;

function Trying({ cluster, objects }: { cluster: string; objects: Objects }) {
  const [state, update] = useUrlState();
  const [diff, setDiff] = useState(true);
  const object = useMemo(() => readRef(state.object), [state.object]);
  const listed = useMemo(
    () => (object ? (objects.find((each) => writeRef(each) === writeRef(object)) ?? null) : null),
    [objects, object],
  );
  const change = readChange(state.change, object);
  const template = object ? null : templateOf(state.value);
  const [written, write] = useDraft(cluster, object ? writeRef(object) : `new ${state.value}`, state.draft);
  const draft = written ?? template?.text ?? null;
  const chosen = object !== null || template !== null || (change === 'promote' && !object);
  const there = !object || listed !== null;
  const [kept, keep] = useKept(cluster, state.kept);
  const wish = useMemo(
    () => ({ object, change, value: state.value, text: change === 'edit' ? draft : null }),
    [object, change, state.value, draft],
  );
  const present = useMemo(() => (chosen && there ? changesOf(wish) : null), [chosen, there, wish]);
  const changes = useMemo(
    () => (present || kept.length ? [...changesOfKept(kept), ...(present ?? [])] : null),
    [kept, present],
  );
  const scope = inNamespaces(state.namespaces);
  const { from, to, query } = state;
  const question = useMemo(
    () => changes && { changes, range: { from, to }, cluster, filter: allOf([scope, query]) },
    [changes, from, to, cluster, scope, query],
  );
  const replay = useReplay(question);
  const refused = replay.problems.find(isOfFilter) ?? null;
  const objections = useMemo(
    () => replay.problems.filter((each) => !isOfFilter(each) && keptPlace(each.path, kept.length) === null),
    [replay.problems, kept.length],
  );
  const onDraft = useCallback(
    (text: string | null) => {
      write(text);
      if (state.draft !== null) update({ draft: null }, { replace: true });
    },
    [write, update, state.draft],
  );
  const onFlip = useCallback((flip: string) => update({ flip }, { replace: true }), [update]);
  const onGo = useCallback(
    (patch: Partial<UrlState>, path: ScreenPath) => update(patch, { to: path }),
    [update],
  );
  const tiers = useMemo(() => tiersOf(objects), [objects]);
  const staged = objects.filter(({ kind }) => isStaged(kind)).length;
  const title = object?.name ?? (template ? `New ${template.title}` : 'All staged policies');
  const open = (patch: Partial<UrlState>) => update({ ...NOTHING_CHOSEN, ...patch });
  const onKeep = () => {
    keep([...kept, wish]);
    write(null);
    open({});
  };
  const onOpen = (place: number) => {
    const { object: ref, change: of, value, text } = kept[place] as Kept;
    const named = ref && writeRef(ref);
    const others = kept.filter((_, each) => each !== place);
    keep(present ? [...others, wish] : others); // what is on the left now is not lost
    if (present) write(null);
    if (text !== null) leaveDraft(cluster, named ?? `new ${value}`, text);
    open({ object: named, change: of, value });
  };
  const list = (
    <KeptList
      kept={kept}
      problems={replay.problems}
      onOpen={onOpen}
      onRemove={(place) => keep(kept.filter((_, each) => each !== place))}
      onClear={() => keep([])}
    />
  );

  return (
    <div className="whatif">
      {chosen && (
        <ChangeBar
          title={title}
          object={object}
          listed={listed}
          change={change}
          draft={written}
          kept={kept.length ? writeKept(kept) : null}
          onKeep={present && kept.length < MOST_KEPT ? onKeep : null}
          onBack={() => open({})}
          onChange={(next: Change) => update({ change: next, value: null, flip: null })}
        />
      )}
      <section className="whatif-draft" aria-label="The change">
        {list}
        {!chosen && (
          <ObjectList
            objects={objects}
            onObject={(each) => open({ object: writeRef(each) })}
            onTemplate={(id) => open({ value: id })}
            onPromote={() => open({ change: 'promote' })}
          />
        )}
        {chosen && there && (
          <>
            <ChangeForm
              change={change}
              object={listed}
              staged={staged}
              value={state.value}
              onValue={(value) => update({ value }, { replace: true })}
            />
            <Suspense fallback={<Waiting />}>
              <DraftPane
                objects={objects}
                object={listed}
                draft={draft}
                made={change === 'edit' ? null : (replay.result?.objects ?? [])}
                problems={objections}
                valid={replay.current}
                diff={diff && listed !== null}
                name={title}
                onDiff={setDiff}
                onDraft={onDraft}
              />
            </Suspense>
          </>
        )}
      </section>
      <div className="whatif-results">
        <div className="query-bar">
          <KqlBar
            query={query}
            range={state}
            clusters={[cluster]}
            problem={refused && { message: refused.message, column: namedColumn(refused.message) }}
            onRun={(text) => update({ query: text })}
          />
        </div>
        {!chosen && !question && <Start />}
        {object && !there && <NotThere name={object.name} />}
        {chosen && there && !question && <Untouched />}
        {question && (
          <Results
            replay={replay}
            tiers={tiers}
            title={title}
            flip={state.flip}
            onFlip={onFlip}
            onGo={onGo}
          />
        )}
      </div>
    </div>
  );
}
