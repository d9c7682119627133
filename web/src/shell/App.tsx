import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { AlertsProvider } from '../alerts/AlertsProvider';
import { ApiProvider } from '../api/context';
import { session } from '../api/session';
import { resolver, theme } from '../theme/theme';
import { router } from './router';
import { SignIn } from './SignIn';

export function App() {
  const wanted = useSyncExternalStore(session.subscribe, session.wanted);
  // A new token means new connections: the key throws the old client and its socket away.
  const token = useSyncExternalStore(session.subscribe, session.token);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      {wanted ? (
        <SignIn />
      ) : (
        <ApiProvider key={token ?? ''}>
          <AlertsProvider>
            <RouterProvider router={router} />
          </AlertsProvider>
        </ApiProvider>
      )}
    </MantineProvider>
  );
}
