/** The health of a cluster as lines of a list; what is not known says why instead. */
import type { ClusterHealth } from '../../api/clusters';
import { bytes, exact, nanos } from '../../domain/units';

export interface Line {
  head: string;
  /** What is known of it, or why nothing is. */
  text: string;
  known: boolean;
}

type Figure = string | number | null | undefined;
interface Part {
  missing: readonly { figure: string; reason: string }[];
}

const counted = (figure: Figure, words: string): string[] =>
  figure === null || figure === undefined ? [] : [`${exact(figure)} ${words}`.trim()];

const sized = (figure: Figure, words: string): string[] =>
  figure === null || figure === undefined ? [] : [`${bytes(Number(figure))} ${words}`];

function line(head: string, told: string[], part: Part | null | undefined, ...figures: string[]): Line {
  if (!part) return { head, text: 'Could not be read.', known: false };
  if (told.length > 0) return { head, text: told.join(', '), known: true };
  const why = part.missing.find(({ figure }) => figures.includes(figure));
  return { head, text: why?.reason ?? 'Not known.', known: false };
}

function requests(head: string, part: ClusterHealth['dns']): Line {
  const mean = part?.mean === null || part?.mean === undefined ? [] : [`${nanos(part.mean)} on average`];
  const told = [...counted(part?.requests, 'requests'), ...counted(part?.failures, 'failed'), ...mean];
  return line(head, told, part, 'requests');
}

export function linesOf(health: ClusterHealth): Line[] {
  const { connections, endpoints, policies, processes, dns, http } = health;
  return [
    line(
      'Connections',
      [...counted(connections?.allowed, 'allowed'), ...counted(connections?.denied, 'denied')],
      connections,
      'allowed',
    ),
    line(
      'Bytes',
      [...sized(connections?.bytesToTarget, 'there'), ...sized(connections?.bytesToSource, 'back')],
      connections,
      'bytesToTarget',
    ),
    line(
      'Workloads',
      [...counted(endpoints?.callers, 'called'), ...counted(endpoints?.called, 'were called')],
      endpoints,
      'callers',
    ),
    line('Services', counted(endpoints?.services, ''), endpoints, 'services'),
    line('Endpoints', counted(endpoints?.endpoints, ''), endpoints, 'endpoints'),
    line(
      'Policies',
      [
        ...counted(policies?.policies, ''),
        ...counted(policies?.unused, 'unused'),
        ...counted(policies?.denying, 'denied something'),
      ],
      policies,
      'policies',
    ),
    line('Processes', counted(processes?.names, ''), processes, 'names'),
    requests('DNS', dns),
    requests('HTTP', http),
  ];
}
