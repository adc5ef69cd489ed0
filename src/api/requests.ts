import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { ApiError, toApiError } from './error';

export type Query = Record<
  string,
  string | number | boolean | null | undefined
>;

/** Requests to the `savu/` routes of a server. */
export class Requests {
  constructor(readonly settings: ServerConnection.ISettings) {}

  /** The address of a route, without its query. */
  url(route: string): string {
    return URLExt.join(this.settings.baseUrl, 'savu', route);
  }

  /** The answer to a request; its status is not 2xx → `ApiError`. */
  async request(
    route: string,
    query: Query = {},
    init: RequestInit = {}
  ): Promise<Response> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        this.url(route) + queryString(query),
        init,
        this.settings
      );
    } catch (error) {
      throw ApiError.unreachable(error);
    }
    if (!response.ok) {
      throw await toApiError(response);
    }
    return response;
  }
}

function queryString(query: Query): string {
  const entries = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, String(value)]);
  const text = new URLSearchParams(entries).toString();
  return text ? `?${text}` : '';
}
