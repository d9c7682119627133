// Fails when the JavaScript that the page needs before any lazy chunk outgrows its budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET = 350 * 1024;
const page = new URL('../../tapetum/service/page/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', page), 'utf8'));

const needed = new Set();
const visit = (key) => {
  if (needed.has(key)) return;
  needed.add(key);
  for (const next of manifest[key].imports ?? []) visit(next);
};
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);

let total = 0;
for (const key of needed) {
  const file = manifest[key].file;
  const size = gzipSync(readFileSync(new URL(file, page)), { level: 9 }).length;
  total += size;
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${file}`);
}
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KiB  first JavaScript, gzipped (budget ${BUDGET / 1024} KiB)`,
);
if (total > BUDGET) {
  console.error(
    `The first JavaScript is ${((total - BUDGET) / 1024).toFixed(1)} KiB over its budget; load a part lazily.`,
  );
  process.exit(1);
}
