import type { Version } from '../../api/policies';
import { visible } from '../../domain/names';
import { clockMinutes, day } from '../../domain/units';
import { changeOf } from './changes';

const ORIGINS = { IMPORT: 'imported', WATCH: 'seen on the cluster', AUDIT: 'by the audit log' };

/** What its manifest was, newest first, and what each version changed. */
export function History({ versions }: { versions: readonly Version[] }) {
  return (
    <ol className="history">
      {versions.map((version, at) => {
        const since = Date.parse(version.from);
        return (
          <li key={version.from}>
            <span>{visible(changeOf(version, versions[at + 1]))}</span>
            <span className="t3">
              {day(since)} {clockMinutes(since)} UTC, {ORIGINS[version.origin]}
              {version.by && ` (${visible(version.by)})`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
