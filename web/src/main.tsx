import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import './theme/mantine.css';
import './theme/base.css';
import './theme/controls.css';
import './theme/table.css';
import './shell/shell.css';
import './alerts/alerts.css';
import { createRoot } from 'react-dom/client';
import { App } from './shell/App';

// The first screen and its layout worker are chunks of their own: fetch them while this one starts.
if (location.pathname === '/') {
  import('./graph/GraphPage');
  import('./graph/layout/elk').then(({ warm }) => warm());
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root.');
createRoot(root).render(<App />);
