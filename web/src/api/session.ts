/** The bearer token of this tab, and whether the API wants one. Never written to disk. */
const KEY = 'tapetum.token';
type Listener = () => void;

const listeners = new Set<Listener>();
let wanted = false;

const storage = (): Storage | null => (typeof sessionStorage === 'undefined' ? null : sessionStorage);

export const session = {
  token: (): string | null => storage()?.getItem(KEY) ?? null,
  wanted: (): boolean => wanted,
  signIn(token: string): void {
    storage()?.setItem(KEY, token.trim());
    wanted = false;
    for (const listener of listeners) listener();
  },
  /** The API refused what we have. */
  refuse(): void {
    if (wanted) return;
    storage()?.removeItem(KEY);
    wanted = true;
    for (const listener of listeners) listener();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
