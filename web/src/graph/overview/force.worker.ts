import { type Field, settleField } from './force';

self.onmessage = ({ data }: MessageEvent<{ round: number; field: Field }>) => {
  const points = settleField(data.field, () => performance.now());
  self.postMessage({ round: data.round, points });
};
