import type { IFault } from './faults';
import type { FileReader } from './reader';

/** What a worker can be asked. */
export type Question = {
  [Name in keyof FileReader]: FileReader[Name] extends (
    ...args: never[]
  ) => unknown
    ? Name
    : never;
}[keyof FileReader];

export type Arguments<Name extends Question> = Parameters<FileReader[Name]>;
export type Answer<Name extends Question> = Awaited<
  ReturnType<FileReader[Name]>
>;

/** The first message: files as they are called beside each other, and the one that is read. */
export interface IOpening {
  files: readonly File[];
  name: string;
}

export interface IAsked {
  id: number;
  question: Question;
  args: readonly unknown[];
}

export type Reply =
  { id: number; value: unknown } | { id: number; fault: IFault };
