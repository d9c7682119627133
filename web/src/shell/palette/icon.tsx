import type { Icon } from '@tabler/icons-react';

export const icon = (Drawn: Icon) => <Drawn size={16} stroke={1.75} aria-hidden />;
