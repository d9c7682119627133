import { type FormEvent, useState } from 'react';
import { session } from '../api/session';
import { Mark } from './Mark';

/** Shown only when the API answers that it wants a token. */
export function SignIn() {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) session.signIn(token);
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit} data-testid="sign-in">
        <Mark size={40} />
        <h1>Sign in to Tapetum</h1>
        <p>
          This server wants a bearer token. Make one with <code>tapetum token</code> on the server.
        </p>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          className="text-field mono"
          type="password"
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the only field of a screen that replaces the page
          autoFocus
          value={token}
          aria-describedby="token-note"
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="token-note" className="t3">
          It stays in this tab and is forgotten when you close it.
        </p>
        <button type="submit" className="button primary" disabled={!token.trim()}>
          Sign in
        </button>
      </form>
    </main>
  );
}
