import { IconAlertTriangle, IconCheck, IconClock, IconFileImport, IconX } from '@tabler/icons-react';
import { visible } from '../domain/names';
import { ChooseFiles } from '../shell/ChooseFiles';
import type { Outcome } from './scans';
import type { Scans } from './use-scans';

export const LIMITED = 'Results of scans are brought in by tokens without limits to clusters or namespaces.';

/** Asks for files with results of image scans, and of which cluster they are where there are several. */
export function ImportScans({ scans }: { scans: Scans }) {
  const { clusters, cluster, choose, allowed, busy, send } = scans;
  if (!cluster) return null;
  return (
    <>
      {allowed && clusters.length > 1 && (
        <select
          className="text-field scan-cluster"
          aria-label="Cluster that the scans are of"
          value={cluster}
          onChange={(event) => choose(event.target.value)}
          data-testid="scan-cluster"
        >
          {clusters.map(({ name, title }) => (
            <option key={name} value={name}>
              {visible(title)}
            </option>
          ))}
        </select>
      )}
      <ChooseFiles
        many
        accept=".json,application/json"
        disabled={!allowed || busy}
        title={allowed === false ? LIMITED : 'JSON of Trivy, its operator or Grype'}
        testId="scan-files"
        onFiles={send}
      >
        <IconFileImport size={15} stroke={1.75} aria-hidden />
        {busy ? 'Importing scans' : 'Import image scans'}
      </ChooseFiles>
    </>
  );
}

const GLYPHS = { true: IconCheck, false: IconAlertTriangle, null: IconClock };

/** What became of each file. */
export function ScanOutcomes({ scans: { outcomes, busy, clear } }: { scans: Scans }) {
  return (
    // It stands there before anything is told, so that it is read out.
    <div role="status">
      {outcomes.length > 0 && (
        <section className="posture-card scan-outcomes" aria-label="Image scans that were imported">
          <ul>
            {outcomes.map((outcome, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the list never moves
              <Told key={at} outcome={outcome} />
            ))}
          </ul>
          {!busy && (
            <button type="button" className="icon-button small" aria-label="Close" onClick={clear}>
              <IconX size={14} stroke={1.75} aria-hidden />
            </button>
          )}
        </section>
      )}
    </div>
  );
}

function Told({ outcome: { file, taken, told } }: { outcome: Outcome }) {
  const Glyph = GLYPHS[`${taken}`];
  return (
    <li data-taken={taken ?? undefined} data-testid="scan-outcome">
      <Glyph size={14} stroke={2.2} aria-hidden />
      <strong className="cut" title={visible(file)}>
        {visible(file)}
      </strong>
      <span>{visible(told)}</span>
    </li>
  );
}
