import { Fault } from '../../kernel/errors.ts';

/** Who is to blame as SOAP says it. */
export type FaultCode = 'soapenv:Client' | 'soapenv:Server';

/** A refusal in the words and numbers AXL's clients branch on. Source: reference "AXL on the wire", faults. */
export class AxlFault extends Error {
  readonly axlcode: number;
  readonly faultcode: FaultCode;
  constructor(axlcode: number, message: string, faultcode: FaultCode = 'soapenv:Server') {
    super(message);
    this.name = 'AxlFault';
    this.axlcode = axlcode;
    this.faultcode = faultcode;
  }
}

/** get or remove of something that is not there. */
export function itemNotValid(what: string): AxlFault {
  return new AxlFault(5007, `Item not valid: The specified ${what} was not found`);
}

/** update of something that is not there. */
export function notFoundForUpdate(what: string): AxlFault {
  return new AxlFault(5003, `${what} not found`);
}

export function badValue(field: string, message: string): AxlFault {
  return new AxlFault(5003, `${message} (field ${field})`, 'soapenv:Client');
}

export function duplicate(what: string): AxlFault {
  return new AxlFault(
    -239,
    `Could not insert new row - duplicate value in a UNIQUE INDEX column (Unique Index: ${what}).`,
    'soapenv:Client',
  );
}

export function missingKey(field: string, name: string): AxlFault {
  return new AxlFault(
    -691,
    `Missing key in referenced table for referential constraint (${field}): there is no "${name.slice(0, 64)}".`,
    'soapenv:Client',
  );
}

const notThere = /_not_found$|^not_found$|^no_active_code$|^no_live_code$/;
const taken = /^(name_taken|device_exists|code_already_active)$/;

/** A refusal of the domain as AXL says it. `reads`: get and remove speak of items that are not valid. Undefined: it is a defect of ours. */
export function axlFaultOf(error: unknown, what: string, reads: boolean): AxlFault | undefined {
  if (error instanceof AxlFault) return error;
  if (!(error instanceof Fault) || error.of === 'ours') return undefined;
  const message = [error.message, error.remedy].filter((each) => each !== undefined && each !== '').join(' ');
  if (error.code === 'phone_not_found' || error.code === 'not_found')
    return reads ? itemNotValid(what) : notFoundForUpdate(what);
  if (notThere.test(error.code) && error.field !== undefined && error.field !== 'name')
    return new AxlFault(
      -691,
      `Missing key in referenced table for referential constraint (${error.field}): ${message}`,
      'soapenv:Client',
    );
  if (notThere.test(error.code)) return new AxlFault(5007, `Item not valid: ${message}`);
  if (taken.test(error.code))
    return new AxlFault(
      -239,
      `Could not insert new row - duplicate value in a UNIQUE INDEX column (Unique Index:). ${message}`,
      'soapenv:Client',
    );
  if (error.code === 'unknown_reference')
    return new AxlFault(
      -691,
      `Missing key in referenced table for referential constraint: ${message}`,
      'soapenv:Client',
    );
  return new AxlFault(5003, message, 'soapenv:Client');
}
