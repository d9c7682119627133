import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, type SearchParams, stringifySearch } from '../domain/search-params';
import { decode, encode } from '../domain/url-state';
import { GraphSkeleton } from './GraphSkeleton';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  // What cannot be understood is dropped from the address rather than carried along.
  validateSearch: (search: Record<string, unknown>): SearchParams => encode(decode(search as SearchParams)),
});

const graph = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../graph/GraphPage'), 'GraphPage'),
  pendingComponent: GraphSkeleton,
});

const flows = createRoute({
  getParentRoute: () => root,
  path: '/flows',
  component: lazyRouteComponent(() => import('../flows/FlowsPage'), 'FlowsPage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  component: lazyRouteComponent(() => import('../logs/LogsPage'), 'LogsPage'),
});

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(() => import('../alerts/AlertsPage'), 'AlertsPage'),
});

const alertRules = createRoute({
  getParentRoute: () => root,
  path: '/alerts/rules',
  component: lazyRouteComponent(() => import('../alerts/rules/RulesPage'), 'RulesPage'),
});

const delivery = createRoute({
  getParentRoute: () => root,
  path: '/alerts/delivery',
  component: lazyRouteComponent(() => import('../alerts/delivery/DeliveryPage'), 'DeliveryPage'),
});

const feeds = createRoute({
  getParentRoute: () => root,
  path: '/alerts/feeds',
  component: lazyRouteComponent(() => import('../alerts/feeds/FeedsPage'), 'FeedsPage'),
});

const clusters = createRoute({
  getParentRoute: () => root,
  path: '/settings/clusters',
  component: lazyRouteComponent(() => import('../settings/clusters/ClustersPage'), 'ClustersPage'),
});

const rejected = createRoute({
  getParentRoute: () => root,
  path: '/settings/rejected',
  component: lazyRouteComponent(() => import('../settings/rejected/RejectedPage'), 'RejectedPage'),
});

const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/dashboards',
  component: lazyRouteComponent(() => import('../dashboards/DashboardsPage'), 'DashboardsPage'),
});

const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/$id',
  component: lazyRouteComponent(() => import('../dashboards/DashboardPage'), 'DashboardPage'),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  component: lazyRouteComponent(() => import('../policies/board/BoardPage'), 'BoardPage'),
});

const whatIf = createRoute({
  getParentRoute: () => root,
  path: '/policies/what-if',
  component: lazyRouteComponent(() => import('../policies/whatif/WhatIfPage'), 'WhatIfPage'),
});

const recommended = createRoute({
  getParentRoute: () => root,
  path: '/policies/recommended',
  component: lazyRouteComponent(() => import('../policies/recommended/RecommendedPage'), 'RecommendedPage'),
});

const posture = createRoute({
  getParentRoute: () => root,
  path: '/posture',
  component: lazyRouteComponent(() => import('../posture/PosturePage'), 'PosturePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    graph,
    flows,
    logs,
    dashboards,
    dashboard,
    policies,
    whatIf,
    recommended,
    posture,
    alerts,
    alertRules,
    delivery,
    feeds,
    clusters,
    rejected,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
