import { Fault, FATAL } from './hdf5/faults';
import type {
  Answer,
  Arguments,
  IAsked,
  IOpening,
  Question,
  Reply
} from './hdf5/messages';

/** The part of a worker that is used. */
export type IWorker = Pick<Worker, 'postMessage' | 'terminate'> & {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

interface IWaiting extends IAsked {
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks a worker, one question after the other, so that those nobody waits for are never begun. The
 * worker is started with the first question, and again with the next one after it broke down.
 */
export class WorkerLink {
  constructor(
    private readonly _spawn: () => IWorker,
    private readonly _opening: IOpening
  ) {}

  ask<Name extends Question>(
    question: Name,
    args: Arguments<Name>,
    signal?: AbortSignal
  ): Promise<Answer<Name>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting: IWaiting = {
        id: ++this._count,
        question,
        args,
        resolve: value => resolve(value as Answer<Name>),
        reject
      };
      signal?.addEventListener('abort', () => {
        this._waiting = this._waiting.filter(one => one !== waiting);
        reject(signal.reason);
      });
      this._waiting.push(waiting);
      this._next();
    });
  }

  /** Ends the worker with all that it holds. */
  release(): void {
    this._worker?.terminate();
    this._worker = null;
    const waiting = [this._asked, ...this._waiting];
    this._asked = null;
    this._waiting = [];
    for (const one of waiting) {
      one?.reject(new Fault('other', 'The file was closed.'));
    }
  }

  private _next(): void {
    const next = this._asked ? undefined : this._waiting.shift();
    if (!next) {
      return;
    }
    this._worker ??= this._start();
    this._asked = next;
    const { id, question, args } = next;
    this._worker.postMessage({ id, question, args });
  }

  private _start(): IWorker {
    const worker = this._spawn();
    worker.onmessage = ({ data }) => this._receive(data);
    worker.onerror = ({ message }) =>
      this._receive({
        id: this._asked?.id ?? 0,
        fault: { reason: 'broken', message }
      });
    worker.postMessage(this._opening);
    return worker;
  }

  private _receive(reply: Reply): void {
    const asked = this._asked;
    if (asked?.id !== reply.id) {
      return;
    }
    this._asked = null;
    if ('fault' in reply) {
      const { reason, message } = reply.fault;
      if (FATAL.includes(reason)) {
        this._worker?.terminate();
        this._worker = null;
      }
      asked.reject(new Fault(reason, message));
    } else {
      asked.resolve(reply.value);
    }
    this._next();
  }

  private _asked: IWaiting | null = null;
  private _count = 0;
  private _waiting: IWaiting[] = [];
  private _worker: IWorker | null = null;
}
