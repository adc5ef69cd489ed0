import { ServerConnection } from '@jupyterlab/services';

import { SavuClient } from '../../api';

/** A request as the server sees it. */
export interface IRequest {
  method: string;
  route: string;
  query: Record<string, string>;
  body: unknown;
  ifMatch: string | null;
}

/** What the server answers: a status and a body. */
export type Answer = [status: number, body: unknown];

/** A client whose requests are answered by a function. */
export function clientOf(
  answer: (request: IRequest) => Answer | Promise<Answer>
): { client: SavuClient; requests: IRequest[] } {
  const requests: IRequest[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const sent = input as Request;
    const url = new URL(sent.url);
    const text = init?.body ?? (await sent.text());
    const headers = new Headers(init?.headers ?? sent.headers);
    const request = {
      method: init?.method ?? sent.method,
      route: url.pathname.replace(/^.*\/savu\//, ''),
      query: Object.fromEntries(url.searchParams),
      body: text ? JSON.parse(String(text)) : null,
      ifMatch: headers.get('If-Match')
    };
    requests.push(request);
    const [status, body] = await answer(request);
    return new Response(JSON.stringify(body), { status });
  };
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost/',
    fetch
  });
  return { client: new SavuClient(settings), requests };
}

/** The server's error. */
export function failure(status: number, message: string): Answer {
  return [status, { message, reason: 'any', id: '1' }];
}
