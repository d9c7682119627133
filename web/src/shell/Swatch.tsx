import { paint } from '../domain/cluster';

/** A cluster's colour beside its title; a ring where none was chosen. */
export function Swatch({ colour }: { colour: string | null | undefined }) {
  const painted = paint(colour);
  return (
    <span
      className="swatch"
      data-none={painted === null || undefined}
      style={painted === null ? undefined : { background: painted }}
      aria-hidden
    />
  );
}
