/** Why a file on the user's computer cannot be read. */
export type FaultReason =
  /** It is no HDF5 file, or HDF5 cannot make sense of it. */
  | 'damaged'
  /** It has changed, or is gone, since it was chosen. */
  | 'changed'
  /** Its values are compressed in a way that is not known here. */
  | 'filter'
  /** It takes more memory than there is. */
  | 'memory'
  /** The worker itself failed. */
  | 'broken'
  /** It has no such part. */
  | 'missing'
  | 'other';

/** A failure as it passes from the worker to the page. */
export interface IFault {
  reason: FaultReason;
  message: string;
}

export class Fault extends Error {
  constructor(
    readonly reason: FaultReason,
    message: string
  ) {
    super(message);
    this.name = 'Fault';
  }
}

/** After these, the memory of the worker is in no known state. */
export const FATAL: readonly FaultReason[] = ['broken', 'changed', 'memory'];

/** What went wrong, from whatever HDF5, the browser or the engine throws. */
export function faultOf(error: unknown): IFault {
  if (error instanceof Fault) {
    return { reason: error.reason, message: error.message };
  }
  const { name, message } =
    error instanceof Error || error instanceof DOMException
      ? error
      : { name: '', message: String(error) };
  if (name === 'NotReadableError' || name === 'NotFoundError') {
    return { reason: 'changed', message };
  }
  const isEngine = /^(RuntimeError|RangeError)$/.test(name);
  if (isEngine || /out of memory|^Aborted/i.test(message)) {
    return { reason: 'memory', message };
  }
  const filter = /[Rr]equired filter '([^']*)' is not registered/.exec(message);
  if (filter) {
    return { reason: 'filter', message: filter[1] };
  }
  return message.startsWith('HDF5-DIAG')
    ? { reason: 'damaged', message: innermost(message) }
    : { reason: 'other', message };
}

/** The last, which is the first cause, of the errors that HDF5 stacks. */
function innermost(diagnosis: string): string {
  const told = [...diagnosis.matchAll(/^\s*#\d+: .* in \S+\(\): (.+)$/gm)];
  return told.length > 0 ? told[told.length - 1][1] : 'HDF5 cannot read it';
}
