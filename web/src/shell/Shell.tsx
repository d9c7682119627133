import { Outlet, useLocation } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { AlertsDrawer } from '../alerts/AlertsDrawer';
import { Help } from './Help';
import { isTyping } from './keys';
import { Palette } from './palette/Palette';
import { Rail } from './Rail';
import { titleOf } from './screens';
import { TopBar } from './TopBar';

export function Shell() {
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  const pathname = useLocation({ select: (location) => location.pathname });
  const title = titleOf(pathname);

  useEffect(() => {
    document.title = `${title} · Tapetum`;
  }, [title]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event)) setHelp(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <Rail onHelp={openHelp} />
      <TopBar
        title={title}
        alertsOpen={drawer}
        onAlerts={pathname === '/alerts' ? null : () => setDrawer((open) => !open)}
      />
      <main id="main" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      {pathname !== '/alerts' && <AlertsDrawer open={drawer} onClose={() => setDrawer(false)} />}
      <Palette onHelp={openHelp} />
      <Help opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}
