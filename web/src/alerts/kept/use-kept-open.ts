import { useState } from 'react';
import { useUrlState } from '../../shell/use-url-state';

export interface KeptOpen {
  /** The id of what is opened, which the address carries. */
  opened: string | null;
  /** Whether a new one is written instead. */
  adding: boolean;
  add: () => void;
  /** Null closes it, and a new one too. */
  open: (id: string | null) => void;
}

/** What is opened beside a table of what is kept. A link reproduces it; one that is not kept yet has none. */
export function useKeptOpen(): KeptOpen {
  const [{ opened }, update] = useUrlState();
  const [wanted, setWanted] = useState(false);
  const move = (adding: boolean, id: string | null) => {
    setWanted(adding);
    if (id !== opened) update({ opened: id });
  };
  return {
    opened,
    // The way back from a new one is to what was opened before.
    adding: wanted && opened === null,
    add: () => move(true, null),
    open: (id) => move(false, id),
  };
}
