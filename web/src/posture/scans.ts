/** Results of image scans, sent file by file, and what became of each in a sentence. */
import type { Client } from 'urql';
import { type Changed, change } from '../api/changes';
import { ImportScansDocument, type ScanImport } from '../api/posture';
import { textOf } from '../api/uploads';
import { exact, plural } from '../domain/units';

export interface Outcome {
  file: string;
  /** Null while it is on its way. */
  taken: boolean | null;
  told: string;
}

export const waiting = ({ name }: File): Outcome => ({ file: name, taken: null, told: 'is on its way' });

export async function sendScan(client: Client, cluster: string, file: File): Promise<Outcome> {
  const read = await textOf(file, 'scan fewer images at once');
  if ('problem' in read) return { file: file.name, taken: false, told: read.problem };
  const variables = { cluster, report: read.text };
  return outcomeOf(
    file.name,
    await change(client, ImportScansDocument, variables, ({ importScans }) => takenWords(importScans)),
  );
}

export const outcomeOf = (file: string, { done, problems }: Changed): Outcome => ({
  file,
  taken: done !== null,
  told: done ?? problems.join(' '),
});

/** `3 images, 1 with critical or high flaws; 2 parts are of no image.` */
export function takenWords({ images, grave, passedOver }: ScanImport): string {
  const flawed = grave === 0 ? 'none' : exact(grave);
  const passed = passedOver && `; ${plural(passedOver, 'part')} of no image passed over`;
  return `${plural(images, 'image')}, ${flawed} with critical or high flaws${passed || ''}.`;
}
