import type { IType } from '../../fields/dtypes';

/** What every field is given, whether it stands for a parameter or for a cell of a table. */
export interface IFieldProps {
  type: IType;
  /** JSON text. */
  value: string;
  label: string;
  id?: string;
  describedBy?: string;
  isInvalid: boolean;
  disabled: boolean;
  /** The only values allowed, as JSON texts. */
  options?: readonly string[];
  example?: string;
  /** The name of the parameter. */
  parameter: string;
  /** The file in which paths are looked for, where the value itself names one. */
  file?: string | null;
  /**
   * @param continued - whether the change goes on with the one before, as the
   *   second typed letter does.
   */
  onChange: (value: string, continued: boolean) => void;
}
