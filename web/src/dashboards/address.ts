import type { SearchParams } from '../domain/search-params';
import { encode, type UrlState } from '../domain/url-state';
import { carried } from '../shell/screens';

/** Range and scope go along to another dashboard; what belongs to this one stays behind. */
export const along = (state: UrlState, edit = false): SearchParams =>
  encode({ ...carried(state, '/dashboards'), edit });
