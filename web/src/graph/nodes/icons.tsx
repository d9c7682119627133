import {
  IconBox,
  IconBuildingBank,
  IconClockPlay,
  IconCloudNetwork,
  IconHexagons,
  IconServer2,
  IconSitemap,
  IconWorld,
  IconWorldWww,
} from '@tabler/icons-react';
import type { NodeKind } from '../../domain/graph';
import { isJob } from '../../domain/names';

/** The glyph of a node by what it is. */
export function iconOf(kind: NodeKind, name: string): typeof IconBox {
  switch (kind) {
    case 'NAMESPACE':
      return IconHexagons;
    case 'SERVICE':
      return IconSitemap;
    case 'HOST':
      return IconServer2;
    case 'NETWORK_SET':
      return IconBuildingBank;
    case 'FQDN':
      return IconWorldWww;
    case 'NETWORK':
      return name === 'Private network' ? IconCloudNetwork : IconWorld;
    case 'WORKLOAD':
      return isJob(name) ? IconClockPlay : IconBox;
  }
}
