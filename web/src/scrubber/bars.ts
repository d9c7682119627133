/** The histogram as bars: allowed rises from the axis, denied hangs below it. */
export interface Bucket {
  at: number;
  allowed: number;
  denied: number;
}

interface Histogram {
  interval: number;
  starts: readonly string[];
  series: readonly { key: string; counts: readonly string[] }[];
}

export function bucketsOf(histogram: Histogram): Bucket[] {
  const counts = (matches: (key: string) => boolean) =>
    histogram.series.find(({ key }) => matches(key))?.counts;
  const allowed = counts((key) => key.startsWith('allow'));
  const denied = counts((key) => key.startsWith('den'));
  return histogram.starts.map((start, at) => ({
    at: Date.parse(start),
    allowed: Number(allowed?.[at] ?? 0),
    denied: Number(denied?.[at] ?? 0),
  }));
}

const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Seconds a bucket, so that about `count` of them fill the window. */
export function intervalFor(milliseconds: number, count: number): number {
  const wanted = milliseconds / 1000 / count;
  return NICE.find((step) => step >= wanted) ?? 86_400;
}

/** Where the axis gets its times: whole steps, at most one every 110 px. */
export function ticks(from: number, to: number, width: number): number[] {
  const step = intervalFor(to - from, Math.max(2, width / 110)) * 1000;
  const first = Math.ceil(from / step) * step;
  const all: number[] = [];
  for (let at = first; at < to; at += step) all.push(at);
  return all;
}

/** The tallest allowed bar and the deepest denied one share the height by how much they need. */
export function scaleOf(
  buckets: readonly Bucket[],
  height: number,
): { up: number; down: number; axis: number } {
  const up = Math.max(1, ...buckets.map((bucket) => bucket.allowed));
  const down = Math.max(0, ...buckets.map((bucket) => bucket.denied));
  if (down === 0) return { up: height / up, down: 0, axis: height };
  // Denied is what is looked for: it gets at least a third of the strip, even when it is rare.
  const below = Math.max(height / 3, (height * down) / (up + down));
  return { up: (height - below) / up, down: below / down, axis: height - below };
}

/** The window that the strip shows around a range: three of its lengths, ending at now or just after it. */
export function windowAround(from: number, to: number, now: number): { from: number; to: number } {
  const length = to - from;
  const end = Math.min(now, to + length);
  return { from: end - 3 * length, to: end };
}
